#include "licence/masking.h"

#include <gtest/gtest.h>

namespace elicense {
namespace {

TEST(Masking, HidesTheMiddle) {
  struct Row {
    std::string_view number, masked;
  };
  for (const Row& row :
       {Row{"370102198807151234", "3701**********1234"}, Row{"37010219880715123X", "3701**********123X"},
        Row{"370102880715123", "3701*******5123"}, Row{"E12345678", "E1*****78"}, Row{"12345678", "12****78"},
        Row{"1234567", "1*****7"}, Row{"12345", "1***5"}, Row{"1234", "****"}, Row{"1", "*"}, Row{"", ""},
        Row{"37010219880715123Y", "37**************3Y"}, Row{"X70102198807151234", "X7**************34"}}) {
    EXPECT_EQ(mask_number(row.number), row.masked) << row.number;
  }
}

// A letter and its accent are one character: neither half of it is shown alone, nor counted twice.
TEST(Masking, DoesNotCutWithinACharacter) {
  EXPECT_EQ(mask_number("e\u0301"
                        "b12345c"
                        "a\u0308"),
            "e\u0301"
            "b*****"
            "c"
            "a\u0308");
  EXPECT_EQ(mask_number("㛃䶮𬭎𠮷"), "****");
  EXPECT_EQ(mask_number("㛃䶮𬭎𠮷野"), "㛃***野");
  EXPECT_EQ(mask_number("👩‍👩‍👧abcd👨‍👩‍👦"), "👩‍👩‍👧****👨‍👩‍👦");
}

}  // namespace
}  // namespace elicense
