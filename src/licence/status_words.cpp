#include "licence/status_words.h"

#include <algorithm>
#include <array>

#include "base/result.h"

namespace elicense {
namespace {

constexpr Words kNotValid = {
    "您的驾驶证状态异常，驾驶证电子版无效，请联系驾驶证发证地公安交管部门",
    "The status of this licence is abnormal and its electronic version is not valid. Please contact the traffic police "
    "where the licence was issued."};
constexpr Words kNothing = {"", ""};

constexpr std::array<StatusWords, 20> kTable = {{
    {'A', {"正常", "Normal"}, {"驾驶证在有效状态，可以使用。", "The licence is in force and may be used."}, kNothing},
    {'H',
     {"违法未处理", "Violation open"},
     {"有交通违法行为尚未处理，驾驶证仍可使用。",
      "A traffic violation has not been dealt with. The licence may be used."},
     {"请尽快到任意执法窗口或网上处理。", "Settle it soon, online or at any service window."}},
    {'I',
     {"事故未处理", "Accident open"},
     {"有交通事故尚未处理完毕，驾驶证仍可使用。", "A traffic accident has not been settled. The licence may be used."},
     {"请联系处理事故的交管部门。", "Contact the traffic police who are dealing with the accident."}},
    {'N',
     {"延期换证", "Renewal postponed"},
     {"已获准延期换证，延期内可以使用。", "Renewal has been postponed. Until then the licence may be used."},
     {"请在延期届满前换证。", "Renew the licence before the postponement ends."}},
    {'P',
     {"延期体检", "Medical postponed"},
     {"已获准延期提交身体条件证明，延期内可以使用。",
      "The medical certificate has been postponed. Until then the licence may be used."},
     {"请在延期届满前提交身体条件证明。", "Hand in the medical certificate before the postponement ends."}},
    {'T',
     {"延期审验", "Review postponed"},
     {"已获准延期审验，延期内可以使用。", "The review has been postponed. Until then the licence may be used."},
     {"请在延期届满前参加审验。", "Attend the review before the postponement ends."}},
    {'Z',
     {"其他 · 不能使用", "Other: not usable"},
     {"驾驶证处于其他状态，电子驾驶证暂不能使用。", "The licence is in another state and cannot be used for now."},
     {"请联系驾驶证发证地公安交管部门。", "Contact the traffic police where the licence was issued."}},
    {'M',
     {"逾期未换证 · 不能使用", "Renewal overdue: not usable"},
     {"驾驶证已过有效期，尚未换证。", "The licence is past its last day and has not been renewed."},
     {"请到任意执法窗口或网上办理换证。", "Renew it online or at any service window."}},
    {'R',
     {"逾期未体检 · 不能使用", "Medical overdue: not usable"},
     {"未按期提交身体条件证明。", "The medical certificate was not handed in in time."},
     {"请体检并提交身体条件证明，之后即可恢复。",
      "Hand in a medical certificate; the licence is restored after that."}},
    {'S',
     {"逾期未审验 · 不能使用", "Review overdue: not usable"},
     {"未按期参加审验。", "The review was not attended in time."},
     {"请参加审验，之后即可恢复。", "Attend the review; the licence is restored after that."}},
    {'U',
     {"扣留 · 不能使用", "Detained: not usable"},
     {"驾驶证已被扣留。", "The licence has been detained."},
     {"请按强制措施凭证到指定地点接受处理。", "Have the case dealt with at the place named on the notice."}},
    {'K',
     {"扣押 · 不能使用", "Seized: not usable"},
     {"驾驶证已被扣押。", "The licence has been seized."},
     {"请联系作出决定的机关。", "Contact the office that decided it."}},
    {'D',
     {"暂扣 · 不能使用", "Suspended: not usable"},
     {"驾驶证被暂扣，暂扣期内不得驾驶。", "The licence is suspended. Its holder may not drive meanwhile."},
     {"期满后请到作出决定的交管部门领回。", "When the time is over, have it restored by the office that decided it."}},
    {'B',
     {"超分 · 电子驾驶证已失效", "12 points reached: not usable"},
     {"一个记分周期内累积记满 12 分。", "12 points have been reached within one scoring period."},
     {"请参加学习和考试，凭纸质驾驶证和满分学习结果到任意执法窗口申请恢复。",
      "Attend the course and test, then go to any service window with the paper licence to have it restored."}},
    {'L', {"锁定 · 无效", "Locked: not valid"}, kNotValid, kNothing},
    {'J', {"停止使用 · 无效", "Stopped: not valid"}, kNotValid, kNothing},
    {'C',
     {"转出 · 无效", "Transferred out: not valid"},
     {"驾驶证已转往其他发证机关。", "The licence has been transferred to another issuing authority."},
     {"请在新的发证地重新申领电子驾驶证。", "Apply for the electronic licence at the new authority."}},
    {'G',
     {"注销 · 无效", "Cancelled: not valid"},
     {"驾驶证已注销。", "The licence has been cancelled."},
     {"如有疑问，请联系驾驶证发证地公安交管部门。", "For questions, contact the traffic police where it was issued."}},
    {'E',
     {"撤销 · 无效", "Withdrawn: not valid"},
     {"驾驶许可已撤销。", "The permission to drive has been withdrawn."},
     {"如有疑问，请联系驾驶证发证地公安交管部门。", "For questions, contact the traffic police where it was issued."}},
    {'F',
     {"吊销 · 无效", "Revoked: not valid"},
     {"驾驶证已吊销，不得驾驶。", "The licence has been revoked. Its holder may not drive."},
     {"如有疑问，请联系驾驶证发证地公安交管部门。", "For questions, contact the traffic police where it was issued."}},
}};

}  // namespace

const StatusWords* status_words(char letter) {
  const auto found =
      std::find_if(kTable.begin(), kTable.end(), [letter](const StatusWords& words) { return words.letter == letter; });
  return found == kTable.end() ? nullptr : &*found;
}

const StatusWords& gravest_words(StatusSet status) {
  const StatusWords* const words = status_words(status.gravest().letter);
  ELICENSE_ASSERT(words != nullptr);
  return *words;
}

}  // namespace elicense
