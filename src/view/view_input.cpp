// What the holder does to the pages: controls, digits, and which page is on top.
#include <algorithm>

#include "view/view.h"

namespace elicense {
namespace {

constexpr std::int64_t kRevealTime = 10000;

}  // namespace

void View::close() {
  if (lists_checks_) {
    wish_ = HolderWish{HolderWish::Kind::close_checks, {}};
  } else if (keypad_) {
    keypad_ = false;
  } else {
    enlarged_ = false;
  }
}

void View::type(char digit) {
  if (!keypad_ || typed_.size() >= 2) return;
  typed_ += digit;
  if (typed_.size() < 2) return;
  wish_ = HolderWish{HolderWish::Kind::answer_challenge, typed_};
  keypad_ = false;
}

void View::use(Control control) {
  switch (control) {
    case Control::reveal:
      revealed_until_ = now_ < revealed_until_ ? 0 : now_ + kRevealTime;
      break;
    case Control::enlarge:
      enlarged_ = true;
      break;
    case Control::close:
      close();
      break;
    case Control::refresh:
      wish_ = HolderWish{HolderWish::Kind::refresh, {}};
      break;
    case Control::keypad:
      keypad_ = true;
      typed_.clear();
      break;
    case Control::clear:
      typed_.clear();
      break;
    case Control::checks:
      wish_ = HolderWish{HolderWish::Kind::list_checks, {}};
      first_check_ = 0;
      break;
    case Control::newer:
      first_check_ -= std::min(first_check_, check_rows_);
      break;
    case Control::older:
      first_check_ += check_rows_;
      break;
    case Control::dismiss:
      wish_ = HolderWish{HolderWish::Kind::dismiss_notice, {}};
      break;
    case Control::front:
      turn_.show(Page::front);
      break;
    case Control::endorsement:
      turn_.show(Page::endorsement);
      break;
    default:
      type(static_cast<char>('0' + (static_cast<int>(control) - static_cast<int>(Control::digit_0))));
  }
  change();
}

void View::show_page(Page page) {
  turn_.show(page);
  change();
}

}  // namespace elicense
