#include "client/state_words.h"

#include <array>

#include "licence/status_words.h"

namespace elicense {
namespace {

constexpr std::array<std::string_view, 6> kStateNames = {"loading", "live", "offline", "stale", "refused", "untrusted"};

constexpr Words kLoading = {"正在载入", "Loading"};
constexpr Words kNoAccount = {"尚未登录", "Not signed in"};
constexpr Words kNoAccountWhy = {"请在应用中登录后打开电子驾驶证。", "Sign in with the app to open the licence."};
constexpr Words kLive = {"正常显示", "Live"};
constexpr Words kOffline = {"离线", "Offline"};
constexpr Words kStale = {"内容已过时，不作凭证", "Out of date: not valid as proof"};
constexpr Words kUntrusted = {"无法验证，不予显示", "Not verified: nothing is shown"};
constexpr Words kGone = {"此手机上的电子驾驶证已停用", "The licence is no longer on this phone"};
constexpr Words kNoCode = {"不显示动态码。", "No code is shown."};
constexpr Words kLastConfirmed = {"上次与发证机关核对：", "Last confirmed "};
constexpr Words kSince = {"自 ", "Since "};
constexpr Words kSinceEnd = {" 起未能联系发证机关。动态码仍可出示。",
                             " the authority has not been reached. The code may still be shown."};
constexpr Words kErrorCode = {"错误代码：", "Error code: "};

Words reason_words(ViewerReason reason) {
  switch (reason) {
    case ViewerReason::resumed:
      return {"手机从休眠中恢复，时间尚未重新核对。", "The phone slept and the time is not yet confirmed again."};
    case ViewerReason::clock_changed:
      return {"手机时钟有变动，时间尚未重新核对。",
              "The phone's clock has changed and the time is not yet confirmed again."};
    case ViewerReason::no_time:
      return {"未能与发证机关核对时间，请检查网络后刷新。",
              "The time could not be confirmed with the authority. Check the network, then refresh."};
    case ViewerReason::lease_over:
      return {"离线时间已到，请联网后刷新。", "The time for which it may be offline is over. Go online, then refresh."};
    case ViewerReason::access_ended:
      return {"登录已失效，请在应用中重新登录。", "The sign-in is no longer valid. Sign in again with the app."};
    case ViewerReason::another_phone:
      return {"该驾驶证已在另一部手机上启用。如非本人操作，请联系公安交管部门。",
              "It has been activated on another phone. If that was not you, contact the traffic police."};
    case ViewerReason::ended:
      return {"发证机关已停用此手机。如需恢复，请在应用中重新申领。",
              "The authority has ended it on this phone. Apply again with the app to have it back."};
    case ViewerReason::key_lost:
      return {"此手机的密钥已丢失或无法使用，请在应用中重新申领。",
              "This phone's key is gone or cannot sign. Apply again with the app."};
    default:
      return {"", ""};
  }
}

// Sentences of a language one after the other: English ones with a space between.
void add(std::string& text, std::string_view sentence, Language language) {
  if (sentence.empty()) return;
  if (!text.empty() && language == Language::english) text += ' ';
  text += sentence;
}

std::string stale_explanation(const ViewerScreen& screen, Language language) {
  const bool is_old = screen.reason == ViewerReason::lease_over || screen.reason == ViewerReason::no_time;
  std::string text;
  if (screen.confirmed) {
    text = kLastConfirmed.in(language);
    text += is_old ? day_and_clock_text(*screen.confirmed) : clock_text(*screen.confirmed);
    text += language == Language::chinese ? "。" : ".";
  }
  add(text, reason_words(screen.reason).in(language), language);
  add(text, kNoCode.in(language), language);
  return text;
}

std::string untrusted_explanation(const ViewerScreen& screen, Language language) {
  if (!screen.error) return {};
  std::string text(error_words(*screen.error).in(language));
  std::string code(kErrorCode.in(language));
  code += error_name(*screen.error);
  add(text, code, language);
  return text;
}

StateWords refused_words(const ViewerScreen& screen, Language language) {
  if (screen.reason != ViewerReason::status || !screen.status) {
    return {.title = std::string(kGone.in(language)),
            .explanation = std::string(reason_words(screen.reason).in(language))};
  }
  const StatusWords& words = gravest_words(*screen.status);
  std::string text(words.meaning.in(language));
  add(text, words.next_step.in(language), language);
  return {.title = std::string(words.title.in(language)), .explanation = std::move(text)};
}

}  // namespace

std::string_view viewer_state_name(ViewerState state) { return kStateNames[static_cast<std::size_t>(state)]; }

Words access_token_words() {
  return {"登录已失效，请重新登录。", "The sign-in is no longer valid. Please sign in again."};
}

Words error_words(ErrorCode error) {
  switch (error) {
    case ErrorCode::signature:
    case ErrorCode::countersignature:
    case ErrorCode::sd_jwt_digest:
    case ErrorCode::sd_jwt_disclosure:
      return {"收到的数据与签名不符，可能被改动。",
              "What arrived does not match its signature: it may have been changed."};
    case ErrorCode::issuer_unknown:
    case ErrorCode::issuer_mismatch:
    case ErrorCode::root_unknown:
    case ErrorCode::key_use:
      return {"签发者不在可信名单中。", "Whoever signed it is not trusted to."};
    case ErrorCode::key_revoked:
      return {"签发所用的密钥已被吊销。", "The key that signed it has been revoked."};
    case ErrorCode::key_expired:
    case ErrorCode::key_not_yet_valid:
    case ErrorCode::trust_list_expired:
    case ErrorCode::trust_list_not_yet_valid:
    case ErrorCode::lease_expired:
    case ErrorCode::lease_not_yet_valid:
    case ErrorCode::licence_expired:
    case ErrorCode::licence_not_yet_valid:
      return {"收到的数据不在有效期内。", "What arrived is outside the time for which it is valid."};
    case ErrorCode::trust_list_rollback:
    case ErrorCode::authority_time:
      return {"收到的是旧数据。", "What arrived is older than what was here before."};
    case ErrorCode::holder_mismatch:
    case ErrorCode::lease_mismatch:
      return {"收到的数据属于其他手机或其他驾驶证。", "What arrived belongs to another phone or another licence."};
    default:
      return {"收到的数据无法识别。", "What arrived cannot be understood."};
  }
}

StateWords state_words(const ViewerScreen& screen, Language language) {
  const auto text = [language](const Words& words) { return std::string(words.in(language)); };
  switch (screen.state) {
    case ViewerState::loading:
      if (screen.reason == ViewerReason::no_account)
        return {.title = text(kNoAccount), .explanation = text(kNoAccountWhy)};
      return {.title = text(kLoading), .explanation = {}};
    case ViewerState::live:
      return {.title = text(kLive), .explanation = {}};
    case ViewerState::offline: {
      std::string since;
      if (screen.confirmed) since = text(kSince) + clock_text(*screen.confirmed) + text(kSinceEnd);
      return {.title = text(kOffline), .explanation = std::move(since)};
    }
    case ViewerState::stale:
      return {.title = text(kStale), .explanation = stale_explanation(screen, language)};
    case ViewerState::refused:
      return refused_words(screen, language);
    case ViewerState::untrusted:
      return {.title = text(kUntrusted), .explanation = untrusted_explanation(screen, language)};
  }
  return {};
}

}  // namespace elicense
