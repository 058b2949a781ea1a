#include "authority/event_hub.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "authority/fake_stream.h"
#include "authority/sqlite_home.h"

namespace elicense::authority::test {
namespace {

using std::chrono::milliseconds;

constexpr const char* kOther = "3701000000020";

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class EventHubTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = open_store();
    for (const char* const number : {kDocument, kOther})
      ELICENSE_ASSERT(store_->put_licence(licence_named(number), kNow, act("licence.put")).ok());
  }
  void TearDown() override { hub_.reset(); }

  std::unique_ptr<Store> open_store() {
    auto opened = home_.open(StorePurpose::production);
    ELICENSE_ASSERT(opened.ok());
    return *std::move(opened);
  }
  EventHub& hub(EventHubSettings settings = {}) {
    hub_ = std::make_unique<EventHub>(
        *store_, [this] { return UnixTime{now_}; }, settings);
    return *hub_;
  }
  // A round every 50 ms.
  EventHub& fast_hub() {
    EventHubSettings settings;
    settings.heartbeat = milliseconds(50);
    settings.retry = milliseconds(10);
    return hub(settings);
  }
  // Behind all events that there are.
  std::int64_t newest(const char* document_number = kDocument) {
    return store_->first_position(document_number, kNow + 1).value();
  }
  // Without `after`: from now on.
  std::shared_ptr<FakeStream> listen(std::optional<std::int64_t> after = std::nullopt, const char* device = "phone",
                                     const char* document_number = kDocument) {
    auto stream = std::make_shared<FakeStream>();
    const std::int64_t position = after ? *after : newest(document_number);
    EXPECT_TRUE(hub_->open(document_number, device, position, kNow + 3000, stream));
    return stream;
  }
  // Each from a phone of its own.
  std::vector<std::shared_ptr<FakeStream>> listen_with(std::size_t count) {
    std::vector<std::shared_ptr<FakeStream>> streams(count);
    for (std::size_t i = 0; i < count; ++i) streams[i] = listen(std::nullopt, ("phone" + std::to_string(i)).c_str());
    return streams;
  }
  std::int64_t raise(Store& store, const std::string& kind = "status",
                     const std::optional<std::string>& device = std::nullopt, const char* document_number = kDocument) {
    const NewEvent event = {.kind = kind, .payload = Json::Object{{"kind", Json(kind)}}, .device = device};
    const auto id = store.append_event(document_number, event, kNow);
    ELICENSE_ASSERT(id.ok());
    return *id;
  }
  std::int64_t raise(const std::string& kind = "status", const std::optional<std::string>& device = std::nullopt,
                     const char* document_number = kDocument) {
    return raise(*store_, kind, device, document_number);
  }
  static std::string line_of(std::int64_t id) { return "id: " + std::to_string(id) + "\n"; }
  bool waits_for_streams(std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + FakeStream::kPatience;
    while (hub_->streams() != count && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return hub_->streams() == count;
  }

  SqliteHome home_;
  std::unique_ptr<Store> store_;
  std::atomic<std::int64_t> now_{kNow.seconds};
  std::unique_ptr<EventHub> hub_;
};

TEST_F(EventHubTest, NewEventsAreWrittenAsServerSentEvents) {
  hub();
  raise("old");
  const auto stream = listen();
  const std::int64_t id = raise();
  const std::string expected = line_of(id) + "event: status\ndata: {\"kind\":\"status\"}\n\n";
  ASSERT_TRUE(stream->waits_for("\n\nid: "));
  ASSERT_TRUE(stream->waits_for(expected));
  EXPECT_EQ(stream->text(), "retry: 3000\n\n" + expected);
}

TEST_F(EventHubTest, AnEventRaisedJustAfterOpeningIsNeverOld) {
  hub();
  for (int i = 0; i < 300; ++i) {
    const auto stream = listen();
    const std::int64_t id = raise();
    ASSERT_TRUE(stream->waits_for(line_of(id))) << i;
    stream->go_away();
    raise("end");  // lets the hub see that the client has gone
    ASSERT_TRUE(stream->waits_for_close());
  }
}

TEST_F(EventHubTest, WhatThePhoneHasMissedComesFirstAndOnce) {
  hub();
  const std::int64_t seen = raise("first");
  std::int64_t last = 0;
  for (int i = 0; i < 100; ++i) last = raise("missed");
  const auto stream = listen(seen);
  const std::int64_t live = raise("live");
  ASSERT_TRUE(stream->waits_for(line_of(live)));
  const std::string text = stream->text();
  EXPECT_EQ(count_of(text, "event: missed\n"), 100U);
  EXPECT_EQ(count_of(text, "event: first\n"), 0U);
  EXPECT_LT(text.find(line_of(last)), text.find(line_of(live)));
}

TEST_F(EventHubTest, NothingIsSentTwiceNorLostWhileEventsAreRaised) {
  fast_hub();
  std::atomic<bool> is_done{false};
  std::int64_t last = 0;
  std::thread writer([&] {
    while (!is_done) raise("live");
    last = raise("last");
  });
  std::vector<std::shared_ptr<FakeStream>> streams;
  for (int i = 0; i < 8; ++i) {
    streams.push_back(listen(0, ("phone" + std::to_string(i)).c_str()));
    EXPECT_TRUE(streams.back()->waits_for("event: live\n"));
  }
  is_done = true;
  writer.join();
  for (const auto& stream : streams) {
    ASSERT_TRUE(stream->waits_for(line_of(last)));
    for (std::int64_t id = 1; id <= last; ++id) ASSERT_EQ(count_of(stream->text(), line_of(id)), 1U) << id;
  }
}

TEST_F(EventHubTest, EventsGoToTheRightLicenceAndPhone) {
  hub();
  const auto mine = listen();
  const auto other_phone = listen(std::nullopt, "other");
  const auto other_licence = listen(std::nullopt, "phone", kOther);
  raise("private", "phone");
  raise("public");
  raise("elsewhere", std::nullopt, kOther);
  ASSERT_TRUE(mine->waits_for("event: public"));
  ASSERT_TRUE(other_phone->waits_for("event: public"));
  ASSERT_TRUE(other_licence->waits_for("event: elsewhere"));
  EXPECT_EQ(count_of(mine->text(), "event: "), 2U);
  EXPECT_EQ(count_of(other_phone->text(), "event: "), 1U);
  EXPECT_EQ(count_of(other_licence->text(), "event: "), 1U);
}

TEST_F(EventHubTest, LinesOfAValueCannotEndTheEvent) {
  hub();
  const auto stream = listen();
  raise("a\nid: 999\r\ndata: b\rc");
  ASSERT_TRUE(stream->waits_for("event: c\n"));
  EXPECT_NE(stream->text().find("event: a\nevent: id: 999\nevent: data: b\nevent: c\ndata: "), std::string::npos);
}

TEST_F(EventHubTest, AnEndedPhoneHearsItAndIsClosed) {
  hub();
  const auto old_phone = listen(std::nullopt, "old");
  const auto new_phone = listen(std::nullopt, "new");
  raise("ended", "old");
  raise("after");
  ASSERT_TRUE(old_phone->waits_for_close());
  EXPECT_NE(old_phone->text().find("event: ended\n"), std::string::npos);
  EXPECT_EQ(old_phone->text().find("event: after\n"), std::string::npos);
  ASSERT_TRUE(new_phone->waits_for("event: after\n"));
  EXPECT_FALSE(new_phone->closed());
}

TEST_F(EventHubTest, HeartbeatsGoToAll) {
  fast_hub();
  const auto streams = listen_with(50);
  for (const auto& stream : streams) {
    ASSERT_TRUE(stream->waits_for(":\n\n:\n\n"));
    EXPECT_EQ(stream->text().substr(0, 13), "retry: 3000\n\n");
  }
}

TEST_F(EventHubTest, AClientThatHasGoneIsForgotten) {
  fast_hub();
  const auto stream = listen();
  ASSERT_TRUE(stream->waits_for("retry"));
  EXPECT_EQ(hub_->streams(), 1U);
  stream->go_away();
  EXPECT_TRUE(waits_for_streams(0));
  EXPECT_EQ(stream.use_count(), 1);
}

TEST_F(EventHubTest, TheEndOfTheTokenEndsTheStream) {
  fast_hub();
  const auto stream = listen();
  ASSERT_TRUE(stream->waits_for("retry"));
  now_ = kNow.seconds + 2999;
  ASSERT_TRUE(stream->waits_for(":\n\n"));
  EXPECT_FALSE(stream->closed());
  now_ = kNow.seconds + 3000;
  EXPECT_TRUE(stream->waits_for_close());
}

TEST_F(EventHubTest, NothingIsSentAfterTheEndOfTheToken) {
  hub();
  const auto stream = listen();
  ASSERT_TRUE(stream->waits_for("retry"));
  now_ = kNow.seconds + 3000;
  raise("late");
  ASSERT_TRUE(stream->waits_for_close());
  EXPECT_EQ(stream->text(), "retry: 3000\n\n");
}

TEST_F(EventHubTest, AnHourIsTheLongest) {
  fast_hub();
  const auto stream = std::make_shared<FakeStream>();
  ASSERT_TRUE(hub_->open(kDocument, "phone", newest(), kNow + 100'000, stream));
  ASSERT_TRUE(stream->waits_for("retry"));
  now_ = kNow.seconds + 3600;
  EXPECT_TRUE(stream->waits_for_close());
}

TEST_F(EventHubTest, AFifthStreamOfAPhoneClosesItsOldest) {
  hub();
  const auto other = listen(std::nullopt, "other");
  std::array<std::shared_ptr<FakeStream>, 6> streams;
  for (auto& stream : streams) stream = listen();
  EXPECT_TRUE(streams[0]->waits_for_close());
  EXPECT_TRUE(streams[1]->waits_for_close());
  raise();
  for (std::size_t i = 2; i < 6; ++i) EXPECT_TRUE(streams[i]->waits_for("event: status"));
  EXPECT_TRUE(other->waits_for("event: status"));
  EXPECT_EQ(hub_->streams(), 5U);
}

TEST_F(EventHubTest, OneTooManyIsRefused) {
  EventHubSettings settings;
  settings.most_streams = 2;
  hub(settings);
  listen();
  EXPECT_FALSE(hub_->full());
  listen();
  EXPECT_TRUE(hub_->full());
  const auto refused = std::make_shared<FakeStream>();
  EXPECT_FALSE(hub_->open(kDocument, "phone", newest(), kNow + 3000, refused));
  EXPECT_TRUE(refused->closed());
}

TEST_F(EventHubTest, StopClosesAllAndRefusesMore) {
  hub();
  const auto first = listen();
  ASSERT_TRUE(first->waits_for("retry"));
  const auto second = listen();
  hub_->stop();
  EXPECT_TRUE(first->closed());
  EXPECT_TRUE(second->closed());
  const auto third = std::make_shared<FakeStream>();
  EXPECT_FALSE(hub_->open(kDocument, "phone", newest(), kNow + 3000, third));
  EXPECT_TRUE(third->closed());
  raise();
  hub_->stop();
}

TEST_F(EventHubTest, EventsOfAnotherInstanceAreFoundWithoutANotice) {
  fast_hub();
  const auto other_instance = open_store();
  const auto stream = listen();
  ASSERT_TRUE(stream->waits_for("retry"));
  const std::int64_t id = raise(*other_instance);
  EXPECT_TRUE(stream->waits_for(line_of(id)));
}

TEST_F(EventHubTest, WhatCouldNotBeReadIsReadLater) {
  EventHubSettings settings;
  settings.retry = milliseconds(10);
  hub(settings);
  const auto stream = listen();
  ASSERT_TRUE(stream->waits_for("retry"));
  const std::int64_t id = raise();
  ASSERT_TRUE(stream->waits_for(line_of(id)));
  ASSERT_TRUE(home_.tamper("alter table events rename to hidden"));
  const auto opened_meanwhile = listen(id - 1, "other");
  ASSERT_TRUE(opened_meanwhile->waits_for("retry"));
  EXPECT_EQ(opened_meanwhile->text().find("id: "), std::string::npos);
  ASSERT_TRUE(home_.tamper("alter table hidden rename to events"));
  ASSERT_TRUE(opened_meanwhile->waits_for(line_of(id)));
  const std::int64_t next = raise();
  EXPECT_TRUE(stream->waits_for(line_of(next)));
  EXPECT_TRUE(opened_meanwhile->waits_for(line_of(next)));
}

TEST_F(EventHubTest, ThousandsOfStreamsAreHeldAtOnce) {
  hub();
  const auto streams = listen_with(5000);
  raise();
  for (const auto& stream : streams) ASSERT_TRUE(stream->waits_for("event: status"));
}

}  // namespace
}  // namespace elicense::authority::test
