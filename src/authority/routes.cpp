#include "authority/routes.h"

#include <algorithm>
#include <utility>

#include "base/result.h"

namespace elicense::authority {
namespace {

// Takes the first segment, without its slash, off the path.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool match(std::string_view pattern, std::string_view path, Fields& parameters) {
  parameters.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view expected = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (expected.size() > 2 && expected.front() == '{' && expected.back() == '}' && !given.empty()) {
      parameters.emplace_back(expected.substr(1, expected.size() - 2), given);
    } else if (expected != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

void Routes::add(HttpMethod method, std::string_view pattern, Handler handler) {
  ELICENSE_ASSERT(!pattern.empty() && pattern.front() == '/' && handler);
  const auto is_same = [pattern](const Route& route) { return route.pattern == pattern; };
  auto route = std::find_if(routes_.begin(), routes_.end(), is_same);
  if (route == routes_.end()) route = routes_.insert(routes_.end(), Route{std::string(pattern), {}});
  for (const auto& [known, unused] : route->handlers) ELICENSE_ASSERT(known != method);
  route->handlers.emplace_back(method, std::move(handler));
}

Routes::Match Routes::find(HttpMethod method, std::string_view path) const {
  Match found;
  for (const Route& route : routes_) {
    if (!match(route.pattern, path, found.parameters)) continue;
    found.pattern = &route.pattern;
    for (const auto& [known, handler] : route.handlers) {
      if (known == method) found.handler = &handler;
      found.allow += std::string(method_name(known)) + (known == HttpMethod::get ? ", HEAD, " : ", ");
    }
    found.allow += "OPTIONS";
    return found;
  }
  found.parameters.clear();
  return found;
}

}  // namespace elicense::authority
