// Which handler answers which path. A pattern is a path whose segments may be {names}: "/status/{shard}". Refuses a
// second handler for the same method and pattern (a mistake of ours: it stops the program).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/http_message.h"

namespace elicense::authority {

// Called on the IO threads or on workers, several at once; may throw, which is answered by 500.
using Handler = std::function<HttpResponse(const HttpRequest&)>;

class Routes {
 public:
  void add(HttpMethod method, std::string_view pattern, Handler handler);

  struct Match {
    const std::string* pattern = nullptr;  // nullptr: no such path
    const Handler* handler = nullptr;      // nullptr: the path has no such method
    Fields parameters;
    std::string allow;  // "GET, HEAD, OPTIONS", when there is a path
  };
  Match find(HttpMethod method, std::string_view path) const;

 private:
  struct Route {
    std::string pattern;
    std::vector<std::pair<HttpMethod, Handler>> handlers;
  };
  std::vector<Route> routes_;
};

}  // namespace elicense::authority
