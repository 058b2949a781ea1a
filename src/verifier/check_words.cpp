#include "verifier/check_words.h"

#include <array>

#include "licence/status_words.h"

namespace elicense {
namespace {

constexpr Words kErrorCode = {"错误代码：", "Error code: "};

constexpr std::array<Words, 11> kTitles = {{{"有效", "Valid"},
                                            {"过时", "Stale"},
                                            {"时间不符", "Clock fault"},
                                            {"不是动态码", "Not a live code"},
                                            {"已过期", "Expired"},
                                            {"不能使用", "Not usable"},
                                            {"已被使用", "Already used"},
                                            {"已停用", "Revoked"},
                                            {"伪造", "Forged"},
                                            {"签发者不可信", "Unknown issuer"},
                                            {"无法识别", "Not a licence code"}}};

constexpr std::array<Words, 11> kMeanings = {{
    {"请核对照片与本人。", "Compare the face with the photo."},
    {"这是截屏、录像或复制的画面，不能作为凭证。",
     "A screenshot, a recording or a copy. Ask the holder to open the licence on their own phone and scan again."},
    {"动态码的时间晚于核验时间。请核对两台设备的时间后重新扫描。",
     "The code is ahead of the time of this check. Check the clocks of both devices, then scan again."},
    {"此码不含持证人手机的实时签名，不能作为凭证。",
     "It carries no live signature of the holder's phone and proves nothing. Ask for the live code."},
    {"驾驶证或其离线凭证已过期。请持证人联网打开电子驾驶证后重新扫描。",
     "The licence or its time offline is over. Ask the holder to go online, open the licence, then scan again."},
    {"按驾驶证当前状态，不能使用。", "The status of this licence forbids its use."},
    {"此码已核验过一次。请等待新的动态码后重新扫描。",
     "This code has been checked before. Wait for the next code, then scan again."},
    {"发证机关已停用此手机上的电子驾驶证或其签发密钥。",
     "The authority has ended this licence on this phone, or the key that signed it."},
    {"签名不符：此码不是发证机关签发的，或已被改动。",
     "A signature does not match: the authority did not make this code, or it has been changed."},
    {"签发者不在可信名单中，无法核验。", "Whoever signed it is not on the list of those trusted to."},
    {"这不是电子驾驶证的动态码。", "This is not the live code of a driving licence."},
}};

constexpr Words kNoPhoto = {"这里没有照片，请核对姓名与持证人的身份证件。",
                            "There is no photo here: compare the name with the holder's identity document."};
constexpr Words kChallengeMissing = {"动态码中没有要求输入的两位数字。请持证人在手机上输入后重新扫描。",
                                     "The code does not carry the two digits. Ask the holder to tap them in, then scan "
                                     "again."};
constexpr Words kChallengeWrong = {"动态码中的两位数字不对，可能是他人转发的画面。",
                                   "The code carries other digits: it may have been relayed from somewhere else."};
constexpr Words kTrustListOver = {"可信名单已过期，未能更新，因此无法核验。请检查网络和本机时间。",
                                  "The list of trusted keys is over and could not be renewed, so nothing can be "
                                  "verified. Check the network and this device's clock."};
constexpr Words kPerhapsOurClock = {"也可能是本机时间有误，请先核对本机时间。",
                                    "It may also be this device's clock that is wrong: check it first."};

Words unchecked_meaning(ErrorCode error) {
  switch (error) {
    case ErrorCode::authority_unreachable:
      return {"未能联系发证机关，请检查网络后重新扫描。",
              "The authority cannot be reached. Check the network, then scan again."};
    case ErrorCode::authority_busy:
      return {"核验请求过多，请稍候再试。", "Too many checks at once. Wait a little, then scan again."};
    case ErrorCode::partner_key:
      return {"发证机关不接受此网站的核验请求，请联系网站管理者。",
              "The authority takes no checks from this site. Contact whoever runs the site."};
    case ErrorCode::root_key:
    case ErrorCode::authority_origin:
    case ErrorCode::vehicle_class:
    case ErrorCode::transaction_nonce:
    case ErrorCode::confirmation_age:
    case ErrorCode::message_shape:
      return {"核验组件的设置有误，请联系网站管理者。",
              "The verifier is not set up correctly. Contact whoever runs the site."};
    case ErrorCode::receipt_answer:
      return {
          "动态码与发证机关的答复不一致。请持证人刷新电子驾驶证后重新扫描。",
          "The code and the authority's answer do not agree. Ask the holder to refresh the licence, then scan again."};
    default:
      return {"收到的答复未通过核验，不能采信。请重新扫描。",
              "The answer that arrived did not verify and is not believed. Scan again."};
  }
}

// Minutes, hours and days as people say them: no false precision.
std::string duration_text(std::int64_t seconds, Language language) {
  struct Unit {
    std::int64_t seconds;
    std::int64_t below;
    Words one, many;
  };
  constexpr std::array<Unit, 4> kUnits = {{{1, 120, {" 秒", " second"}, {" 秒", " seconds"}},
                                           {60, 7200, {" 分钟", " minute"}, {" 分钟", " minutes"}},
                                           {3600, 172800, {" 小时", " hour"}, {" 小时", " hours"}},
                                           {86400, INT64_MAX, {" 天", " day"}, {" 天", " days"}}}};
  const Unit* unit = kUnits.data();
  while (seconds >= unit->below) ++unit;
  const std::int64_t count = seconds / unit->seconds;
  return std::to_string(count) + std::string((count == 1 ? unit->one : unit->many).in(language));
}

std::string confirmed_text(const Check& check, Language language) {
  const bool is_chinese = language == Language::chinese;
  if (check.confirmed_long_ago && check.by == CheckedBy::this_device) {
    const std::string since = day_and_clock_text(check.now - *check.confirmed);
    return is_chinese ? "自 " + since + " 起离线" : "Offline since " + since;
  }
  if (*check.confirmed <= 0) return is_chinese ? "刚刚由发证机关确认" : "Confirmed by the authority just now";
  const std::string duration = duration_text(*check.confirmed, language);
  return is_chinese ? duration + "前由发证机关确认" : "Confirmed by the authority " + duration + " ago";
}

std::string shown_text(std::int64_t age, Language language) {
  const bool is_chinese = language == Language::chinese;
  if (age < 0) {
    const std::string duration = duration_text(-age, language);
    return is_chinese ? "比核验时间早 " + duration : duration + " ahead";
  }
  const std::string duration = duration_text(age, language);
  return is_chinese ? duration + "前的画面" : "Shown " + duration + " ago";
}

bool is_about(const Check& check, Unchecked what) {
  for (const Unchecked one : check.unchecked) {
    if (one == what) return true;
  }
  return false;
}

// The clock is nobody's word, and the code is so far from it that the clock is as likely to be at fault.
bool is_perhaps_our_clock(const Check& check) {
  constexpr std::int64_t kFarOff = 600;  // seconds
  return is_about(check, Unchecked::clock) && check.age && (*check.age > kFarOff || *check.age < -kFarOff);
}

TwoWords joined(const TwoWords& a, const TwoWords& b, Language language) {
  const bool is_chinese = language == Language::chinese;
  return {.first = a.first + (is_chinese ? "" : " ") + b.first,
          .second = a.second + (is_chinese ? " " : "") + b.second};
}

TwoWords status_meaning(StatusSet status, Language language) {
  const StatusWords& words = gravest_words(status);
  TwoWords meaning = two_words(words.meaning, language);
  if (words.next_step.chinese.empty()) return meaning;
  return joined(meaning, two_words(words.next_step, language), language);
}

Words meaning_of(const Check& check) {
  if (check.result == CheckResult::valid && !check.portrait) return kNoPhoto;
  if (!check.result) return unchecked_meaning(check.error.value_or(ErrorCode::answer_shape));
  if (check.error == ErrorCode::challenge_missing) return kChallengeMissing;
  if (check.error == ErrorCode::challenge_wrong) return kChallengeWrong;
  if (check.error == ErrorCode::trust_list_expired) return kTrustListOver;
  return kMeanings[static_cast<std::size_t>(*check.result)];
}

Words reason_words(ClassReason reason) {
  switch (reason) {
    case ClassReason::held:
      return {"持有 ", "Holds "};
    case ClassReason::included:
      return {"已包含在所持 ", "Included in the "};
    case ClassReason::not_held:
      return {"不持有 ", "Does not hold "};
    case ClassReason::not_yet_issued:
      return {"尚未生效：", "Not yet in force: "};
    case ClassReason::expired:
      return {"已到期：", "Expired: "};
  }
  return {"", ""};
}

std::string reason_text(const ClassAnswer& answer, const std::optional<StatusSet>& status, Language language) {
  const bool is_chinese = language == Language::chinese;
  std::string text(reason_words(answer.reason).in(language));
  text += vehicle_class_info(answer.by.value_or(answer.asked)).code;
  if (answer.reason == ClassReason::included) text += is_chinese ? " 中" : " held";
  if (!answer.may_drive) return text;
  text += is_chinese ? "，" : ", ";
  if (status) {
    text += is_chinese ? status->gravest().chinese : status->gravest().english;
  } else {
    text += is_chinese ? "状态正常" : "status normal";
  }
  return text + (is_chinese ? "，未到期" : ", not expired");
}

}  // namespace

Words check_title(std::optional<CheckResult> result) {
  return result ? kTitles[static_cast<std::size_t>(*result)] : Words{"未能核验", "Not checked"};
}

TwoWords check_meaning(const Check& check, Language language) {
  if (check.status && (check.result == CheckResult::valid || check.result == CheckResult::not_usable)) {
    return status_meaning(*check.status, language);
  }
  TwoWords meaning = two_words(meaning_of(check), language);
  if (is_perhaps_our_clock(check)) return joined(meaning, two_words(kPerhapsOurClock, language), language);
  return meaning;
}

std::string check_line(const Check& check, Language language) {
  if (check.result == CheckResult::valid && check.confirmed) return confirmed_text(check, language);
  const bool is_about_time = check.result == CheckResult::stale || check.result == CheckResult::clock;
  if (is_about_time && check.age) return shown_text(*check.age, language);
  if (check.result == CheckResult::not_usable && check.status) {
    return std::string(gravest_words(*check.status).title.in(language));
  }
  if (!check.error) return {};
  return std::string(kErrorCode.in(language)) + std::string(error_name(*check.error));
}

Words unchecked_words(Unchecked what) {
  switch (what) {
    case Unchecked::replay_elsewhere:
      return {"是否已在别处使用", "Whether it was used elsewhere"};
    case Unchecked::status_list:
      return {"最新的状态名单", "The newest status list"};
    case Unchecked::clock:
      return {"本机时间未经证实", "This device's clock is unproven"};
    case Unchecked::network:
      return {"未能联系发证机关，为离线核验", "The authority could not be reached: checked offline"};
    case Unchecked::portrait:
      return {"没有可核验的照片", "No photo that could be verified"};
  }
  return {"", ""};
}

Words cannot_check_words(ErrorCode error) {
  switch (error) {
    case ErrorCode::trust_list_expired:
    case ErrorCode::trust_list_not_yet_valid:
      return kTrustListOver;
    case ErrorCode::root_unknown:
    case ErrorCode::signature:
    case ErrorCode::issuer_mismatch:
    case ErrorCode::trust_list_rollback:
      return {"不能核验：可信名单未通过核验", "Cannot check: the list of trusted keys does not verify"};
    default:
      return unchecked_meaning(error);
  }
}

TwoWords question_words(VehicleClass asked, Language language) {
  const std::string code(vehicle_class_info(asked).code);
  const std::string chinese = "今天可以驾驶 " + code + " 吗？";
  const std::string english = "May drive " + code + " today?";
  return two_words({chinese, english}, language);
}

TwoWords answer_title(const ClassAnswer& answer, Language language) {
  return two_words(answer.may_drive ? Words{"可以", "Yes"} : Words{"不可以", "No"}, language);
}

TwoWords answer_reason(const ClassAnswer& answer, const std::optional<StatusSet>& status, Language language) {
  const std::string chinese = reason_text(answer, status, Language::chinese);
  const std::string english = reason_text(answer, status, Language::english);
  return two_words({chinese, english}, language);
}

Words compare_number_words() { return {"请对照对方屏幕上的数字", "Compare with the number on their screen"}; }

Words specimen_words() { return {"样本", "SPECIMEN"}; }

Words challenge_words() {
  return {"请对方在手机上输入这两位数字，然后扫描", "Ask the holder to tap in these two digits, then scan"};
}

}  // namespace elicense
