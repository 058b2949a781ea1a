#include "client/http_date.h"

#include <gtest/gtest.h>

#include "support/expect.h"

namespace elicense::test {
namespace {

TEST(HttpDate, ReadsTheFormOfRfc9110) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").value().seconds, 784111777);
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT").value().seconds, 0);
  EXPECT_EQ(parse_http_date("Tue, 29 Feb 2028 23:59:59 GMT").value().seconds, 1835481599);
  EXPECT_EQ(parse_http_date("Fri, 31 Dec 1999 12:00:00 GMT").value().seconds, 946641600);
}

TEST(HttpDate, RefusesTheRest) {
  for (const std::string_view text :
       {"", "Sun, 06 Nov 1994 08:49:37 UTC", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:60 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:3x GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "Wed, 31 Dec 1969 23:59:59 GMT", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(outcome(parse_http_date(text)), "date-format") << text;
  }
}

}  // namespace
}  // namespace elicense::test
