// A world around one session: an authority, a network with delays, a device with two clocks, a key store, a page that
// does what effects ask for. Every event is followed by the invariants.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/session.h"
#include "client/support/authority.h"
#include "session/support/made_up_time.h"

namespace elicense::test {

class World final : public MadeUpTime {
 public:
  explicit World(std::uint64_t seed = 1);

  // The page.
  void load(Language language = Language::chinese);  // a new page: what was kept is there, memory is not
  void open();                                       // load, code, shown, and what follows within three seconds
  void show();
  void hide();
  void disturb();
  void network_is_back();
  void refresh();
  void speak(Language language);
  void give_code();
  void tap(const Challenge& challenge);
  void dismiss_notice();
  void list_checks();
  void close_checks();
  void send_event(const std::string& text);  // on the stream that is open, if there is one

  // The device.
  void freeze(std::int64_t milliseconds);  // the monotonic clock stands still
  void move_wall_clock(std::int64_t milliseconds);

  ViewerScreen screen() const { return session->screen(moment()); }
  ViewerState state() const { return screen().state; }
  void check_invariants();

  MiniatureAuthority authority;
  SeededRandom random;
  std::unique_ptr<ViewerSession> session;

  bool visible = false;
  bool online = true;
  bool stops_signing = false;
  std::int64_t there = 40, back = 60;  // milliseconds
  // May change an answer, or make it none.
  std::function<std::optional<HttpAnswer>(const FetchEffect&, HttpAnswer)> on_the_wire;

  std::map<std::string, SecretKey> keys;
  std::map<std::string, std::string> kept;
  std::vector<StateEffect> states;
  std::vector<CheckedEffect> checks;
  std::vector<std::string> errors;
  std::optional<std::int64_t> listening;
  std::vector<ListenEffect> listens;
  int codes_seen = 0;

  // For the invariants: since when a freeze may have made the time lag, or a kept anchor may be ahead.
  UnixTime last_freeze{0};
  bool wall_moved_since_kept = false;
  bool wall_moved_between_pages = false;

 private:
  void wake() override { session->wake(moment()); }
  void obey() override;  // the effects
  void obey(const SessionEffect& effect);
  void time_kept(const std::string& text);
  void obey_fetch(const FetchEffect& request);
  void obey_listen(const ListenEffect& request);
  void forget_page();

  std::optional<std::int64_t> shown_time_;
  bool anchored_on_page_ = false;
  std::int64_t anchor_ = 0;  // the authority's time in the kept one
  std::string last_code_;
};

}  // namespace elicense::test
