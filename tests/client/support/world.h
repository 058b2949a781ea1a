// A world around one session: an authority, a network with delays, a device with two clocks, a key store, a page that
// does what effects ask for. Time passes only when a test lets it, and every event is followed by the invariants.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/session.h"
#include "client/support/authority.h"

namespace elicense::test {

class World {
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
  void pass(std::int64_t milliseconds);      // what is due meanwhile happens at its moment
  void send_event(const std::string& text);  // on the stream that is open, if there is one

  // The device.
  Moment moment() const { return {.monotonic = monotonic, .wall = wall}; }
  void freeze(std::int64_t milliseconds);  // the monotonic clock stands still
  void move_wall_clock(std::int64_t milliseconds);

  ViewerScreen screen() const { return session->screen(moment()); }
  ViewerState state() const { return screen().state; }
  UnixTime authority_now() const { return UnixTime{authority_clock / 1000}; }
  void check_invariants();

  MiniatureAuthority authority;
  SeededRandom random;
  std::unique_ptr<ViewerSession> session;

  std::int64_t authority_clock;  // milliseconds
  std::int64_t monotonic = 5000;
  std::int64_t wall;
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
  struct Due {
    std::int64_t at = 0;  // by the authority's clock
    std::function<void()> happen;
  };
  void after(std::int64_t milliseconds, std::function<void()> happen);
  void obey();  // the effects
  void obey(const SessionEffect& effect);
  void time_kept(const std::string& text);
  void obey_fetch(const FetchEffect& request);
  void obey_listen(const ListenEffect& request);
  void step(std::int64_t milliseconds);
  std::optional<std::int64_t> next_due() const;
  void forget_page();

  std::vector<Due> due_;
  std::int64_t page_ = 0;  // answers to an earlier page get lost
  std::optional<std::int64_t> wake_;
  std::optional<std::int64_t> rung_early_;
  std::optional<std::int64_t> shown_time_;
  bool anchored_on_page_ = false;
  std::int64_t anchor_ = 0;  // the authority's time in the kept one
  std::string last_code_;
};

}  // namespace elicense::test
