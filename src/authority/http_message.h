// Requests and responses as the service sees them: no Drogon in them. Refusals are problem documents (RFC 9457).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace elicense::authority {

enum class HttpMethod : std::uint8_t { get, post, put, patch, del, options };
std::string_view method_name(HttpMethod method);
std::optional<HttpMethod> method_of(std::string_view name);  // HEAD is a GET whose body is not sent

using Fields = std::vector<std::pair<std::string, std::string>>;
// The value of the first field of that name; empty when there is none.
std::string_view field(const Fields& fields, std::string_view name);

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string path;       // decoded; UTF-8 without control characters, dot segments and empty segments
  Fields query;           // decoded, in their order
  Fields parameters;      // what stood for {name} in the route's pattern
  Fields headers;         // names in lower case
  std::string_view body;  // lives as long as the call
  std::string remote;     // the address of the client, without port: personal data, not for logs

  std::string_view header(std::string_view name) const { return field(headers, name); }
  std::string_view parameter(std::string_view name) const { return field(parameters, name); }
};

// The open end of a response that goes on, as text/event-stream. May be used from any thread, and after the server has
// stopped. A client that does not read is dropped.
class EventStream {
 public:
  virtual ~EventStream() = default;
  virtual bool send(const std::string& text) = 0;  // false: the client has gone, or it is closed
  virtual void close() = 0;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;
  Fields headers;  // what is in them goes before the headers that every response gets
  std::string body;
  // Set: the body is not sent and the stream is handed over once, on an IO thread, when the head has gone out. Not for
  // HEAD, and not when the client has gone or the server stops. When nobody holds the stream any more it is closed.
  std::function<void(std::shared_ptr<EventStream>)> stream = nullptr;
  // A POST that succeeds promises that what it did is kept, and goes out when the store says so. Set to false by those
  // that promise nothing.
  bool is_promise = true;
  // Set by the dispatcher: the response waits until this calls back, with false for one that cannot be kept.
  std::function<void(std::function<void(bool)>)> hold = nullptr;
};

std::string_view reason_phrase(int status);

// {"type":"about:blank","title":…,"status":…,"code":…}. The code is a stable name; neither has personal data.
HttpResponse problem(int status, std::string_view code, Fields headers = {});
HttpResponse json_response(int status, std::string body);

}  // namespace elicense::authority
