// Server-sent events, as a browser reads them (WHATWG HTML 9.2.6), from pieces of text cut anywhere. Refuses (and is
// broken from then on) lines and events longer than the authority's can be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace elicense {

inline constexpr std::size_t kLongestStreamLine = 8192;
inline constexpr std::size_t kMostStreamData = 16384;

struct StreamEvent {
  std::string name;  // empty: "message"
  std::string data;
  std::string id;  // the last one seen, as browsers keep it
};

class EventStreamReader {
 public:
  // The events that this piece completes. Empty from a broken stream on.
  std::vector<StreamEvent> read(std::string_view piece);
  bool is_broken() const { return broken_; }

 private:
  void take_line(std::vector<StreamEvent>& events);
  std::string line_;
  StreamEvent event_;
  bool has_data_ = false;
  bool after_return_ = false;
  bool broken_ = false;
};

}  // namespace elicense
