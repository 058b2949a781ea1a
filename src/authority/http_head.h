// The head of a request, checked before Drogon sees it: Drogon bounds each line but not their number, takes two
// lengths, and says little when it refuses. Refuses what is not RFC 9112, what is ambiguous about where the request
// ends (section 11.2, smuggling), bodies over the limit, chunked bodies (411: a client that knows its length says it).
#pragma once

#include <cstddef>
#include <string_view>

namespace elicense::authority {

struct HeadLimits {
  std::size_t bytes = 16 * 1024;
  std::size_t lines = 64;
  std::size_t target = 4 * 1024;
  std::size_t body = 256 * 1024;
};

struct HeadVerdict {
  int refused = 0;  // the status to answer with; 0: it is in order
  std::string_view code;
  std::size_t content_length = 0;
};

// `head` is everything up to and with the empty line.
HeadVerdict check_head(std::string_view head, const HeadLimits& limits);

}  // namespace elicense::authority
