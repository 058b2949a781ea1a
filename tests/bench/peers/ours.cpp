// Ours in ./dev bench peers: what others' packages are measured beside, on the same tokens of a real authority.
//   elicense_peers FILE    {"authority", "roots", "trustList", "now"} and "code", or "statusList", "uri" and "index"
// → one line of JSON: each work's time, the median in microseconds, and what came of it, to be compared with theirs.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "codec/qr_code.h"
#include "licence/live_code.h"
#include "session/messages.h"
#include "token/jws.h"
#include "token/status_list.h"

namespace elicense {
namespace {

constexpr JsonLimits kTaskLimits = {.bytes = 8 * 1024 * 1024, .depth = 2, .values = 64};
constexpr ErrorCode kShape = ErrorCode::message_shape;

double median_microseconds(int calls, const std::function<void()>& call) {
  std::vector<double> times;
  for (int i = 0; i < calls; ++i) {
    const auto start = std::chrono::steady_clock::now();
    call();
    const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
    times.push_back(spent.count());
  }
  std::nth_element(times.begin(), times.begin() + calls / 2, times.end());
  return times[static_cast<std::size_t>(calls / 2)];
}

struct Given {
  const Json& task;
  const TrustList& trust;
  UnixTime now;
};

Json qr_symbol(std::string_view code) {
  int version = 0;
  const double time = median_microseconds(101, [&] {
    const auto symbol = qr_encode(code, QrLevel::low);
    version = symbol.ok() ? symbol->version : 0;
  });
  return Json::Object{{"time", time}, {"version", version}};
}

Json check_of_code(const Given& given, std::string_view code) {
  const LiveCodePolicy policy{.now = given.now,
                              .trust = given.trust,
                              .status_lists = nullptr,
                              .spent_codes = nullptr,
                              .challenge = std::nullopt};
  LiveCodeCheck check;
  const double time = median_microseconds(101, [&] { check = verify_live_code(code, policy); });
  return Json::Object{{"time", time},
                      {"result", check_result_name(check.result)},
                      {"name", check.code ? Json(check.code->lease().name) : Json()}};
}

// From the token's text, as it comes from the network, to the status of one licence.
Result<Json> status_in_list(const Given& given, std::string_view list_text) {
  ELICENSE_TRY(const std::string uri, string_member(given.task, "uri", kShape));
  ELICENSE_TRY(const std::int64_t index, integer_member(given.task, "index", kShape));
  Result<std::uint8_t> value = kShape;
  const double time = median_microseconds(15, [&] {
    const auto list = VerifiedStatusList::verify(list_text, uri, given.trust, given.now);
    value = list.ok() ? list->statuses().at(static_cast<std::uint64_t>(index)) : Result<std::uint8_t>(list.error());
  });
  ELICENSE_CHECK(value);
  return Json(Json::Object{{"time", time}, {"value", int{*value}}});
}

Result<Json> carry_out(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  ELICENSE_TRY(const Json task, Json::parse(text, kTaskLimits));
  ELICENSE_TRY(const PinnedAuthority authority, authority_of_event(task));
  ELICENSE_TRY(const std::string list, string_member(task, "trustList", kShape));
  ELICENSE_TRY(const std::int64_t now, integer_member(task, "now", kShape));
  const UnixTime at{now};
  ELICENSE_TRY(const TrustList trust,
               TrustList::verify(list, authority.roots, {.now = at, .newest_sequence_seen = std::nullopt}));
  const Given given{.task = task, .trust = trust, .now = at};
  if (task.find("statusList") != nullptr) {
    ELICENSE_TRY(const std::string statuses, string_member(task, "statusList", kShape));
    return status_in_list(given, statuses);
  }
  ELICENSE_TRY(const std::string code, string_member(task, "code", kShape));
  return Json(Json::Object{{"qr", qr_symbol(code)}, {"check", check_of_code(given, code)}});
}

}  // namespace
}  // namespace elicense

int main(int count, char** words) {
  const auto answer = elicense::carry_out(count == 2 ? words[1] : "");
  if (!answer.ok()) {
    std::fprintf(stderr, "elicense_peers: %s\n", std::string(elicense::error_name(answer.error())).c_str());
    return EXIT_FAILURE;
  }
  std::printf("%s\n", answer->dump().c_str());
  return EXIT_SUCCESS;
}
