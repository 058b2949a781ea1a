// A stream that keeps what is sent to it, for those that wait for it; it can go away as a client does.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

#include "authority/http_message.h"

namespace elicense::authority::test {

class FakeStream final : public EventStream {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  bool send(const std::string& text) override {
    const std::lock_guard lock(mutex_);
    if (is_gone_ || is_closed_) return false;
    text_ += text;
    changed_.notify_all();
    return true;
  }
  void close() override {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    changed_.notify_all();
  }
  void go_away() {
    const std::lock_guard lock(mutex_);
    is_gone_ = true;
  }

  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return is_closed_;
  }
  bool waits_for(std::string_view part) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return text_.find(part) != std::string::npos; });
  }
  bool waits_for_close() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return is_closed_; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  bool is_gone_ = false;
  bool is_closed_ = false;
};

}  // namespace elicense::authority::test
