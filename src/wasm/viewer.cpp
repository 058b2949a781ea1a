// The functions of e-license.wasm (web/messages.ts has their list): events go to the session or the view, their effects
// come out one by one. JavaScript is never called in the middle of a call.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "client/messages.h"
#include "client/state_words.h"
#include "codec/json.h"
#include "crypto/random.h"
#include "view/renderer.h"
#include "view/seen.h"
#include "view/view.h"

namespace elicense {
namespace {

constexpr std::size_t kMostWaitingEffects = 256;

std::string text_member(const Json& event, std::string_view name) {
  const Json* member = event.find(name);
  return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
}

float number_member(const Json& event, std::string_view name) {
  const Json* member = event.find(name);
  const std::optional<double> number = member == nullptr ? std::nullopt : member->number();
  return number && *number > -1e6 && *number < 1e6 ? static_cast<float>(*number) : 0.0F;
}

}  // namespace

class Viewer {
 public:
  void send(std::string_view text);
  void send_glyph(std::uint32_t id, DrawnText drawing) {
    view_.take_drawn_text(id, std::move(drawing));
    want_frame();
  }
  const char* next_message();
  std::size_t message_size() const { return message_.size(); }
  void attach();
  void detach() { renderer_.detach(); }
  void frame(Moment at);

 private:
  void take_view_event(std::string_view name, const Json& event);
  void take_session_event(std::string_view name, const Json& event);
  void grant(const HolderWish& wish, Moment at);
  void effect(Json::Object object);
  void want_frame() { effect({{"effect", "frame"}, {"at", 0}}); }
  void tell_about(const ViewerScreen& screen);
  void tell_controls();
  void tell_wishes();
  ViewerScreen screen(Moment at) const {
    return messages_.session() == nullptr ? ViewerScreen{} : messages_.session()->screen(at);
  }

  SystemRandom random_;
  SessionMessages messages_{random_};
  View view_;
  Renderer renderer_;
  std::vector<std::string> effects_;
  std::string message_;
  bool visible_ = false;
  Seen seen_;
  Box told_size_;
  Page told_page_ = Page::front;
  std::vector<ControlPlace> told_controls_;
  std::string told_mirror_;
  std::int64_t mirror_second_ = -1;
  Picture last_;
};

void Viewer::effect(Json::Object object) {
  // Whoever does not fetch them has no use for more.
  if (effects_.size() < kMostWaitingEffects) effects_.push_back(Json(std::move(object)).dump());
}

const char* Viewer::next_message() {
  if (auto effect = messages_.next_effect()) {
    message_ = std::move(*effect);
  } else if (!effects_.empty()) {
    message_ = std::move(effects_.front());
    effects_.erase(effects_.begin());
  } else {
    return nullptr;
  }
  return message_.c_str();
}

void Viewer::send(std::string_view text) {
  const auto event = Json::parse(text, kEventMessageLimits);
  if (!event) {
    effect({{"effect", "error"}, {"code", error_name(event.error())}, {"words", ""}});
    return;
  }
  const std::string name = text_member(*event, "event");
  if (is_session_event(name)) {
    take_session_event(name, *event);
  } else {
    take_view_event(name, *event);
  }
}

void Viewer::take_session_event(std::string_view name, const Json& event) {
  const Status taken = messages_.receive(event);
  if (!taken) effect({{"effect", "error"}, {"code", error_name(taken.error())}, {"words", ""}});
  if (name == "hidden") visible_ = false;
  if (name == "shown") visible_ = true;
  if (name == "start" || name == "language") {
    if (const auto language = language_of_event(event)) view_.set_language(*language);
    mirror_second_ = -1;
  }
  const auto at = moment_of_event(event);
  if (visible_ && at && (name == "shown" || name == "language" || !(seen_of(screen(*at)) == seen_))) want_frame();
}

void Viewer::take_view_event(std::string_view name, const Json& event) {
  const auto at = moment_of_event(event);
  if (name == "layout") {
    const Json* reduced = event.find("reducedMotion");
    view_.set_layout({number_member(event, "width"), number_member(event, "height"), number_member(event, "ratio"),
                      reduced != nullptr && reduced->boolean().value_or(false)});
  } else if (name == "control") {
    if (const auto control = control_from_name(text_member(event, "control"))) view_.use(*control);
    if (const auto wish = view_.take_wish(); wish && at) grant(*wish, *at);
  } else if (name == "page") {
    if (const auto page = page_from_name(text_member(event, "page"))) view_.show_page(*page);
  } else if (name == "drag") {
    if (const auto phase = drag_phase_from_name(text_member(event, "phase"))) {
      view_.drag(*phase, number_member(event, "x"));
    }
  } else if (name == "portrait") {
    view_.take_portrait(static_cast<std::uint32_t>(number_member(event, "id")),
                        static_cast<int>(number_member(event, "width")),
                        static_cast<int>(number_member(event, "height")));
  } else if (name == "context-lost") {
    renderer_.lose();
    view_.forget_textures();
  } else if (name == "context-restored") {
    attach();
  } else {
    effect({{"effect", "error"}, {"code", error_name(ErrorCode::message_shape)}, {"words", ""}});
    return;
  }
  mirror_second_ = -1;
  if (visible_) want_frame();
}

void Viewer::grant(const HolderWish& wish, Moment at) {
  ViewerSession* const session = messages_.session();
  if (session == nullptr) return;
  switch (wish.kind) {
    case HolderWish::Kind::refresh:
      return session->refresh(at);
    case HolderWish::Kind::answer_challenge:
      if (const auto challenge = Challenge::parse(wish.digits)) session->answer_challenge(at, *challenge);
      return;
    case HolderWish::Kind::list_checks:
      return session->list_checks(at);
    case HolderWish::Kind::close_checks:
      return session->close_checks(at);
    case HolderWish::Kind::dismiss_notice:
      return session->dismiss_notice(at);
  }
}

void Viewer::attach() {
  if (renderer_.attached()) return;
  view_.forget_textures();
  if (!renderer_.attach()) effect({{"effect", "error"}, {"code", "graphics"}, {"words", ""}});
}

void Viewer::frame(Moment at) {
  if (!visible_) {
    renderer_.blank(last_.width, last_.height);
    return;
  }
  const ViewerScreen now = screen(at);
  last_ = view_.frame(now, at);
  renderer_.draw(last_);
  const Seen seen = seen_of(now);
  if (!(seen == seen_)) mirror_second_ = -1;
  seen_ = seen;
  tell_about(now);
  effect({{"effect", "frame"}, {"at", view_.next_frame()}});
}

void Viewer::tell_about(const ViewerScreen& screen) {
  const Box size = view_.size();
  if (size.width != told_size_.width || size.height != told_size_.height) {
    told_size_ = size;
    effect(
        {{"effect", "size"}, {"width", static_cast<double>(size.width)}, {"height", static_cast<double>(size.height)}});
  }
  if (told_page_ != view_.page()) {
    told_page_ = view_.page();
    effect({{"effect", "page"}, {"page", page_name(view_.page())}});
  }
  tell_controls();
  tell_wishes();
  const std::int64_t second = screen.now ? *screen.now / 1000 : 0;
  if (second != mirror_second_ || !screen.now) {
    mirror_second_ = second;
    std::string mirror = view_.mirror(screen);
    if (mirror != told_mirror_) {
      told_mirror_ = std::move(mirror);
      // It is JSON already.
      if (effects_.size() < kMostWaitingEffects) {
        effects_.push_back(R"({"effect":"mirror","mirror":)" + told_mirror_ + "}");
      }
    }
  }
}

void Viewer::tell_controls() {
  if (view_.controls() == told_controls_) return;
  told_controls_ = view_.controls();
  Json::Array controls;
  for (const ControlPlace& place : told_controls_) {
    Json::Object control{
        {"name", control_name(place.control)},           {"label", place.label},
        {"x", static_cast<double>(place.box.x)},         {"y", static_cast<double>(place.box.y)},
        {"width", static_cast<double>(place.box.width)}, {"height", static_cast<double>(place.box.height)}};
    if (place.pressed) control.emplace_back("pressed", *place.pressed);
    controls.emplace_back(std::move(control));
  }
  effect({{"effect", "controls"}, {"controls", std::move(controls)}});
}

void Viewer::tell_wishes() {
  for (const DrawnTextWish& wish : view_.take_text_wishes()) {
    effect({{"effect", "glyph"},
            {"id", static_cast<std::int64_t>(wish.id)},
            {"text", wish.text},
            {"size", static_cast<double>(wish.size)},
            {"bold", wish.weight == Weight::bold}});
  }
  if (const auto wish = view_.take_portrait_wish()) {
    effect({{"effect", "portrait"},
            {"id", static_cast<std::int64_t>(wish->id)},
            {"texture", static_cast<std::int64_t>(renderer_.portrait_texture())},
            {"uri", wish->uri}});
  }
}

}  // namespace elicense

using elicense::Viewer;

extern "C" {

int elicense_abi_version();
Viewer* elicense_create();
void elicense_destroy(Viewer* viewer);
void* elicense_alloc(std::size_t size);
void elicense_free(void* memory);
void elicense_send(Viewer* viewer, const char* text, std::size_t size);
void elicense_send_glyph(Viewer* viewer, std::uint32_t id, const std::uint8_t* coverage, std::size_t size, int width,
                         int height, float left, float top, float advance);
const char* elicense_next_message(Viewer* viewer);
std::size_t elicense_message_size(const Viewer* viewer);
void elicense_attach(Viewer* viewer);
void elicense_detach(Viewer* viewer);
void elicense_frame(Viewer* viewer, double monotonic, double wall);

int elicense_abi_version() { return 1; }

Viewer* elicense_create() { return new Viewer; }

void elicense_destroy(Viewer* viewer) { delete viewer; }

void* elicense_alloc(std::size_t size) { return std::malloc(size); }

void elicense_free(void* memory) { std::free(memory); }

void elicense_send(Viewer* viewer, const char* text, std::size_t size) { viewer->send({text, size}); }

void elicense_send_glyph(Viewer* viewer, std::uint32_t id, const std::uint8_t* coverage, std::size_t size, int width,
                         int height, float left, float top, float advance) {
  elicense::DrawnText drawing;
  drawing.width = width;
  drawing.height = height;
  drawing.left = left;
  drawing.top = top;
  drawing.advance = advance;
  drawing.coverage.assign(coverage, coverage + size);
  viewer->send_glyph(id, std::move(drawing));
}

const char* elicense_next_message(Viewer* viewer) { return viewer->next_message(); }

std::size_t elicense_message_size(const Viewer* viewer) { return viewer->message_size(); }

void elicense_attach(Viewer* viewer) { viewer->attach(); }

void elicense_detach(Viewer* viewer) { viewer->detach(); }

void elicense_frame(Viewer* viewer, double monotonic, double wall) {
  viewer->frame({static_cast<std::int64_t>(monotonic), static_cast<std::int64_t>(wall)});
}

}  // extern "C"
