#include "authority/http_message.h"

#include <algorithm>
#include <array>

#include "codec/json.h"

namespace elicense::authority {
namespace {

constexpr std::array<std::pair<HttpMethod, std::string_view>, 6> kMethods = {{{HttpMethod::get, "GET"},
                                                                              {HttpMethod::post, "POST"},
                                                                              {HttpMethod::put, "PUT"},
                                                                              {HttpMethod::patch, "PATCH"},
                                                                              {HttpMethod::del, "DELETE"},
                                                                              {HttpMethod::options, "OPTIONS"}}};

constexpr std::array<std::pair<int, std::string_view>, 29> kReasons = {{{200, "OK"},
                                                                        {201, "Created"},
                                                                        {202, "Accepted"},
                                                                        {204, "No Content"},
                                                                        {303, "See Other"},
                                                                        {304, "Not Modified"},
                                                                        {400, "Bad Request"},
                                                                        {401, "Unauthorized"},
                                                                        {403, "Forbidden"},
                                                                        {404, "Not Found"},
                                                                        {405, "Method Not Allowed"},
                                                                        {406, "Not Acceptable"},
                                                                        {408, "Request Timeout"},
                                                                        {409, "Conflict"},
                                                                        {410, "Gone"},
                                                                        {411, "Length Required"},
                                                                        {412, "Precondition Failed"},
                                                                        {413, "Content Too Large"},
                                                                        {414, "URI Too Long"},
                                                                        {415, "Unsupported Media Type"},
                                                                        {417, "Expectation Failed"},
                                                                        {422, "Unprocessable Content"},
                                                                        {429, "Too Many Requests"},
                                                                        {431, "Request Header Fields Too Large"},
                                                                        {500, "Internal Server Error"},
                                                                        {501, "Not Implemented"},
                                                                        {503, "Service Unavailable"},
                                                                        {505, "HTTP Version Not Supported"},
                                                                        {507, "Insufficient Storage"}}};

}  // namespace

std::string_view method_name(HttpMethod method) {
  const auto is = [method](const auto& entry) { return entry.first == method; };
  return std::find_if(kMethods.begin(), kMethods.end(), is)->second;
}

std::optional<HttpMethod> method_of(std::string_view name) {
  if (name == "HEAD") return HttpMethod::get;
  const auto is = [name](const auto& entry) { return entry.second == name; };
  const auto* const found = std::find_if(kMethods.begin(), kMethods.end(), is);
  if (found == kMethods.end()) return std::nullopt;
  return found->first;
}

std::string_view field(const Fields& fields, std::string_view name) {
  const auto is = [name](const auto& entry) { return entry.first == name; };
  const auto found = std::find_if(fields.begin(), fields.end(), is);
  return found == fields.end() ? std::string_view{} : std::string_view(found->second);
}

std::string_view reason_phrase(int status) {
  const auto is = [status](const auto& entry) { return entry.first == status; };
  const auto* const found = std::find_if(kReasons.begin(), kReasons.end(), is);
  return found == kReasons.end() ? std::string_view("Unknown") : found->second;
}

HttpResponse problem(int status, std::string_view code, Fields headers) {
  HttpResponse response;
  response.headers = std::move(headers);
  response.status = status;
  response.content_type = "application/problem+json";
  const Json document = Json::Object{
      {"type", "about:blank"}, {"title", Json(reason_phrase(status))}, {"status", status}, {"code", Json(code)}};
  response.body = document.dump();
  return response;
}

HttpResponse json_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

}  // namespace elicense::authority
