#include "client/event_stream.h"

#include <utility>

namespace elicense {

std::vector<StreamEvent> EventStreamReader::read(std::string_view piece) {
  std::vector<StreamEvent> events;
  for (const char c : piece) {
    if (broken_) return {};
    const bool second_half = after_return_ && c == '\n';  // CR LF is one end of line
    after_return_ = c == '\r';
    if (second_half) continue;
    if (c == '\n' || c == '\r') {
      take_line(events);
      line_.clear();
    } else if (line_.size() < kLongestStreamLine) {
      line_ += c;
    } else {
      broken_ = true;
    }
  }
  return broken_ ? std::vector<StreamEvent>() : events;
}

void EventStreamReader::take_line(std::vector<StreamEvent>& events) {
  if (line_.empty()) {
    if (has_data_) events.push_back(event_);
    event_.name.clear();
    event_.data.clear();
    has_data_ = false;
    return;
  }
  const std::string_view line = line_;
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  if (field == "event") {
    event_.name = value;
  } else if (field == "id" && value.find('\0') == std::string_view::npos) {
    event_.id = value;
  } else if (field == "data") {
    if (event_.data.size() + value.size() >= kMostStreamData) broken_ = true;
    if (broken_) return;
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  }
}

}  // namespace elicense
