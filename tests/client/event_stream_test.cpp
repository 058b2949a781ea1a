#include "client/event_stream.h"

#include <gtest/gtest.h>

namespace elicense::test {
namespace {

constexpr std::string_view kStream =
    ": hello\n"
    "retry: 5\n\n"
    "id: 7\nevent: status\ndata: {\"a\":\ndata: 1}\n\n"
    "event: nothing\n\n"
    "data:plain\r\n\r\n"
    "id\ndata\r\r"
    "data: last";

void expect_events(const std::vector<StreamEvent>& events) {
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].name, "status");
  EXPECT_EQ(events[0].data, "{\"a\":\n1}");
  EXPECT_EQ(events[0].id, "7");
  EXPECT_EQ(events[1].name, "");
  EXPECT_EQ(events[1].data, "plain");
  EXPECT_EQ(events[1].id, "7");
  EXPECT_EQ(events[2].data, "");
  EXPECT_EQ(events[2].id, "");
}

TEST(EventStream, ReadsWhatABrowserReads) {
  EventStreamReader reader;
  expect_events(reader.read(kStream));
}

TEST(EventStream, ReadsPiecesCutAnywhere) {
  for (std::size_t size = 1; size < kStream.size(); ++size) {
    EventStreamReader reader;
    std::vector<StreamEvent> events;
    for (std::size_t from = 0; from < kStream.size(); from += size) {
      for (StreamEvent& event : reader.read(kStream.substr(from, size))) events.push_back(std::move(event));
    }
    expect_events(events);
  }
}

TEST(EventStream, RefusesEndlessLinesAndEvents) {
  EventStreamReader line;
  EXPECT_TRUE(line.read("data: x\n\n" + std::string(kLongestStreamLine + 1, 'x')).empty());
  EXPECT_TRUE(line.is_broken());
  EXPECT_TRUE(line.read("\n\ndata: y\n\n").empty());

  EventStreamReader event;
  const std::string piece = "data: " + std::string(8000, 'y') + "\n";
  EXPECT_TRUE(event.read(piece + piece + piece + "\n").empty());
  EXPECT_TRUE(event.is_broken());
}

}  // namespace
}  // namespace elicense::test
