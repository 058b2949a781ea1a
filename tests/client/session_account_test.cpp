// Tokens that end, phones that end, and the stream of events.
#include "client/session.h"

#include <gtest/gtest.h>

#include "client/kept.h"
#include "client/support/world.h"
#include "support/demo.h"

namespace elicense::test {
namespace {

constexpr std::int64_t kMinute = 60'000;

TEST(ViewerSession, AnExpiredAccessTokenIsRefreshedWithoutAWord) {
  World world;
  world.open();
  world.authority.expire_access();
  world.pass(3 * kMinute);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_EQ(world.authority.count("/token"), 2);
  EXPECT_TRUE(world.errors.empty());
}

TEST(ViewerSession, WhenNoTokenIsTakenTheHostIsAskedForANewOne) {
  World world;
  world.open();
  world.authority.expire_access();
  world.authority.expire_refresh();
  world.pass(2 * kMinute);
  EXPECT_EQ(world.state(), ViewerState::stale);
  EXPECT_EQ(world.screen().reason, ViewerReason::access_ended);
  EXPECT_EQ(world.errors, std::vector<std::string>{"access-token"});
  world.give_code();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, ASpentCodeAsksForANewOne) {
  World world;
  world.session->code(world.moment(), "spent");
  world.show();
  world.pass(3000);
  EXPECT_EQ(world.screen().reason, ViewerReason::access_ended);
  EXPECT_EQ(world.errors, std::vector<std::string>{"access-token"});
  world.give_code();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, ASpentNonceIsReplacedOnce) {
  World world;
  world.open();
  int nonces = 0;
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (request.url.find("/nonce") != std::string::npos && ++nonces == 1) world.authority.spend_nonces();
    return answer;
  };
  world.refresh();
  world.pass(2000);
  EXPECT_EQ(nonces, 2);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_EQ(world.authority.refusals["nonce"], 1);
}

struct Ending {
  std::string_view name;
  std::function<void(World&)> happens;
  ViewerReason reason;
};

TEST(ViewerSession, AnEndedPhoneKeepsNothing) {
  const std::vector<Ending> endings = {
      {"told by a renewal",
       [](World& world) {
         world.authority.move_to_another_phone();
         world.refresh();
       },
       ViewerReason::another_phone},
      {"told while refreshing",
       [](World& world) {
         world.authority.move_to_another_phone();
         world.authority.expire_access();
         world.refresh();
       },
       ViewerReason::another_phone},
      {"told by an event",
       [](World& world) {
         world.authority.move_to_another_phone();
         world.send_event("event: ended\ndata: {\"reason\":\"another-phone\",\"at\":1}\n\n");
       },
       ViewerReason::another_phone},
      {"by an operator",
       [](World& world) {
         world.authority.move_to_another_phone();
         world.send_event("event: ended\ndata: {\"reason\":\"operator\",\"at\":1}\n\n");
       },
       ViewerReason::ended},
  };
  for (const Ending& ending : endings) {
    SCOPED_TRACE(ending.name);
    World world;
    world.open();
    ASSERT_TRUE(world.listening);
    ending.happens(world);
    world.pass(2000);
    EXPECT_EQ(world.state(), ViewerState::refused);
    EXPECT_EQ(world.screen().reason, ending.reason);
    EXPECT_EQ(world.screen().licence, nullptr);
    EXPECT_TRUE(world.kept.empty());
    EXPECT_TRUE(world.keys.empty());
    const auto requests = world.authority.requests;
    world.pass(10 * kMinute);
    EXPECT_EQ(world.authority.requests, requests);
    world.give_code();
    world.pass(3000);
    EXPECT_EQ(world.state(), ViewerState::live);
  }
}

TEST(ViewerSession, AnEndThatTheAuthorityDoesNotConfirmOnlyRenews) {
  World world;
  world.open();
  const int before = world.authority.count("/nonce");
  world.send_event("event: ended\ndata: {\"reason\":\"operator\",\"at\":1}\n\n");
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_GT(world.authority.count("/nonce"), before);
  EXPECT_FALSE(world.kept.empty());
}

TEST(ViewerSession, WhoCheckedIsTold) {
  World world;
  world.open();
  world.send_event(R"(id: 9
event: checked
data: {"id":9,"partner":"Demo Rental","origin":"https://rental.example","result":"valid","asked":"C1","echo":42,"at":1790000000}

)");
  ASSERT_EQ(world.checks.size(), 1U);
  EXPECT_EQ(world.checks[0].partner, "Demo Rental");
  EXPECT_EQ(world.checks[0].asked, "C1");
  EXPECT_EQ(world.checks[0].echo, 42);
  const std::vector<std::string_view> bad = {
      R"({"partner":"x","origin":"y","result":"splendid","at":1})", R"({"partner":"x","origin":"y","result":"valid"})",
      R"({"partner":"x","origin":"y","result":"valid","echo":100,"at":1})",
      R"({"partner":"x","origin":"y","result":"valid","asked":"Q9","at":1})", "nothing"};
  for (const std::string_view data : bad) world.send_event("event: checked\ndata: " + std::string(data) + "\n\n");
  world.send_event("event: checked\ndata: {\"partner\":\"" + std::string(200, 'x') +
                   "\",\"origin\":\"y\",\"result\":\"valid\",\"at\":1}\n\n");
  EXPECT_EQ(world.checks.size(), 1U);
}

TEST(ViewerSession, TheStreamGoesOnWhereItStopped) {
  World world;
  world.open();
  world.send_event("id: 17\nevent: checked\ndata: {}\n\n");
  world.session->failed(world.moment(), *world.listening, FailureCause::network);
  world.pass(5000);
  ASSERT_EQ(world.listens.size(), 2U);
  EXPECT_EQ(world.listens.back().headers.back(), (std::pair<std::string_view, std::string>("Last-Event-ID", "17")));
}

TEST(ViewerSession, AnEndlessLineEndsTheStream) {
  World world;
  world.open();
  const auto stream = world.listening;
  world.send_event(std::string(10000, 'x'));
  EXPECT_FALSE(world.listening);
  world.pass(5000);
  EXPECT_TRUE(world.listening);
  EXPECT_NE(world.listening, stream);
}

}  // namespace
}  // namespace elicense::test
