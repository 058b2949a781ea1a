#include "client/support/world.h"

#include <gtest/gtest.h>

#include <utility>

#include "client/kept.h"

namespace elicense::test {

World::World(std::uint64_t seed) : authority(seed), random(seed + 1000) {
  wall -= 3'600'000;
  load();
}

void World::forget_page() {
  new_page(5000);
  listening = std::nullopt;
  visible = false;
  shown_time_ = std::nullopt;
  anchored_on_page_ = false;
  wall_moved_between_pages = wall_moved_since_kept;
}

void World::load(Language language) {
  forget_page();
  session =
      std::make_unique<ViewerSession>(PinnedAuthority{.origin = authority.origin, .roots = authority.roots}, random);
  KeptThings things;
  for (const auto& [name, text] : kept) things.texts.emplace_back(name, text);
  for (const auto& [slot, key] : keys) things.keys.emplace_back(slot, key.public_key());
  session->start(moment(), things, language);
  obey();
}

void World::open() {
  give_code();
  show();
  pass(3000);
}

void World::show() {
  visible = true;
  session->shown(moment());
  obey();
}

void World::hide() {
  visible = false;
  session->hidden(moment());
  obey();
}

void World::disturb() {
  session->disturbed(moment());
  obey();
}

void World::network_is_back() {
  session->network(moment());
  obey();
}

void World::refresh() {
  session->refresh(moment());
  obey();
}

void World::speak(Language language) {
  session->set_language(moment(), language);
  obey();
}

void World::give_code() {
  session->code(moment(), authority.new_code());
  obey();
}

void World::tap(const Challenge& challenge) {
  session->answer_challenge(moment(), challenge);
  obey();
}

void World::dismiss_notice() {
  session->dismiss_notice(moment());
  obey();
}

void World::list_checks() {
  session->list_checks(moment());
  obey();
}

void World::close_checks() {
  session->close_checks(moment());
  obey();
}

void World::send_event(const std::string& text) {
  if (!listening) return;
  session->received(moment(), *listening, text);
  obey();
}

void World::freeze(std::int64_t milliseconds) {
  last_freeze = UnixTime{(authority_clock + milliseconds) / 1000 + 1};
  authority_clock += milliseconds;
  wall += milliseconds;
}

void World::move_wall_clock(std::int64_t milliseconds) {
  wall += milliseconds;
  wall_moved_since_kept = true;
}

void World::obey() {
  for (const SessionEffect& effect : session->take_effects()) obey(effect);
  check_invariants();
}

void World::obey(const SessionEffect& effect) {
  if (const auto* make = std::get_if<MakeKeyEffect>(&effect)) {
    keys.erase(make->slot);
    const PublicKey key = keys.emplace(make->slot, SecretKey::generate(random)).first->second.public_key();
    after(2, [this, id = make->id, key] { session->key_made(moment(), id, key); });
  } else if (const auto* sign = std::get_if<SignEffect>(&effect)) {
    const auto key = keys.find(sign->slot);
    if (key == keys.end() || stops_signing) {
      after(1, [this, id = sign->id] { session->failed(moment(), id, FailureCause::key); });
      return;
    }
    const Signature signature = key->second.sign({.bytes = sign->bytes});
    after(1, [this, id = sign->id, signature] { session->signature_made(moment(), id, signature); });
  } else if (const auto* forget = std::get_if<ForgetKeyEffect>(&effect)) {
    keys.erase(forget->slot);
  } else if (const auto* fetch = std::get_if<FetchEffect>(&effect)) {
    obey_fetch(*fetch);
  } else if (const auto* listen = std::get_if<ListenEffect>(&effect)) {
    obey_listen(*listen);
  } else if (const auto* abort = std::get_if<AbortEffect>(&effect)) {
    if (listening == abort->id) listening = std::nullopt;
  } else if (const auto* keep = std::get_if<KeepEffect>(&effect)) {
    kept.erase(std::string(keep->name));
    if (keep->text) kept[std::string(keep->name)] = *keep->text;
    if (keep->name == "time" && keep->text) time_kept(*keep->text);
  } else if (const auto* wake = std::get_if<WakeEffect>(&effect)) {
    wake_at(wake->at);
  } else if (const auto* state = std::get_if<StateEffect>(&effect)) {
    states.push_back(*state);
  } else if (const auto* checked = std::get_if<CheckedEffect>(&effect)) {
    checks.push_back(*checked);
  } else if (const auto* error = std::get_if<ErrorEffect>(&effect)) {
    errors.emplace_back(error->code);
  }
}

void World::time_kept(const std::string& text) {
  const auto anchor = kept_time(text).value().anchor;
  if (!anchor || anchor->authority == anchor_) return;  // a kept anchor that goes on
  anchor_ = anchor->authority;
  wall_moved_since_kept = wall_moved_between_pages = false;
  // The authority's own word replaces a kept anchor, even backwards: once on a page.
  if (!std::exchange(anchored_on_page_, true)) shown_time_ = std::nullopt;
}

void World::obey_fetch(const FetchEffect& request) {
  const auto fail = [this, id = request.id] { session->failed(moment(), id, FailureCause::network); };
  if (!online) return after(20, fail);
  after(there, [this, request, fail] {
    std::optional<HttpAnswer> answer = authority.answer(request, authority_now());
    if (on_the_wire) answer = on_the_wire(request, std::move(*answer));
    if (!answer || !online) return after(back, fail);
    after(back, [this, id = request.id, answer = *answer] {
      session->answered(moment(), id, answer.status, answer.date, answer.body);
    });
  });
}

void World::obey_listen(const ListenEffect& request) {
  listens.push_back(request);
  const auto fail = [this, id = request.id] { session->failed(moment(), id, FailureCause::network); };
  if (!online) return after(20, fail);
  after(there, [this, request] {
    if (!authority.admits_listener(request, authority_now()))
      return after(back, [this, id = request.id] { session->answered(moment(), id, 401, std::nullopt, ""); });
    listening = request.id;
  });
}

void World::check_invariants() {
  const ViewerScreen screen = this->screen();
  const bool may_show_code = screen.state == ViewerState::live || screen.state == ViewerState::offline;
  if (screen.licence != nullptr) {
    EXPECT_EQ(screen.licence->data().name, authority.data.name);
    EXPECT_EQ(screen.licence->data().document_number, authority.data.document_number);
    EXPECT_NE(screen.state, ViewerState::loading);
    EXPECT_NE(screen.state, ViewerState::untrusted);
    EXPECT_NE(screen.status->usability(), Usability::not_shown);
  }
  if (screen.now) {
    EXPECT_NE(screen.state, ViewerState::stale);
    const std::int64_t most_ahead = wall_moved_between_pages ? kMostResumed : 0;
    EXPECT_LE(*screen.now, authority_clock + most_ahead);
    if (shown_time_ && !wall_moved_between_pages) EXPECT_GE(*screen.now, *shown_time_);
    shown_time_ = screen.now;
  }
  if (screen.code == nullptr) return;
  EXPECT_TRUE(may_show_code && visible && screen.licence != nullptr && screen.now);
  EXPECT_TRUE(screen.status->allows_use());
  EXPECT_EQ(screen.code->presented.seconds % kCodeSeconds, 0);
  if (screen.code->text == last_code_) return;
  last_code_ = screen.code->text;
  ++codes_seen;
  const TrustList trust = authority.trust(authority_now());
  const LiveCodeCheck check = verify_live_code(
      last_code_,
      {.now = authority_now(), .trust = trust, .status_lists = nullptr, .spent_codes = nullptr, .challenge = {}});
  const bool may_lag = screen.confirmed && *screen.confirmed <= last_freeze;
  if (check.error == ErrorCode::key_revoked || wall_moved_between_pages ||
      (may_lag && check.result == CheckResult::stale))
    return;
  EXPECT_EQ(check.result, CheckResult::valid) << (check.error ? error_name(*check.error) : "");
  EXPECT_LE(screen.code->presented, authority_now());
}

}  // namespace elicense::test
