#include "authority/service_home.h"

#include <utility>

#include "authority/store/sqlite_store.h"
#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

constexpr JsonLimits kAnswerLimits = {.bytes = 4'000'000, .depth = 16, .values = 100'000};

}  // namespace

std::string Answer::text(std::string_view name) const {
  const Json* const member = body.find(name);
  return member == nullptr || member->string() == nullptr ? std::string() : *member->string();
}

std::string Answer::code() const { return status() >= 400 ? text("code") : std::string(); }

std::int64_t Answer::integer(std::string_view name) const {
  const Json* const member = body.find(name);
  return member == nullptr ? -1 : member->integer().value_or(-1);
}

Json named(std::string_view document_number) { return Json::Object{{"document_number", document_number}}; }

Json change_of(std::string_view name, Json value, std::int64_t revision) {
  return Json::Object{{"document_number", kNumber}, {"revision", revision}, {std::string(name), std::move(value)}};
}

ServiceHome::ServiceHome() : folder_(make_folder()), now_(kStart.seconds) {
  settings.origin = kOrigin;
  const auto clock = [this] { return now(); };
  auto store = open_sqlite_store({.folder = folder_}, random_);
  ELICENSE_ASSERT(store.ok());
  store_ = *std::move(store);
  auto keys = KeyRing::open(folder_ + "/keys", open_file_vault(folder_ + "/keys", random_), KeyTimes{}, now());
  ELICENSE_ASSERT(keys.ok());
  keys_ = *std::move(keys);
  publisher_ = std::make_unique<Publisher>(PublisherSettings{.origin = std::string(kOrigin)}, *store_, *keys_, clock);
  // The first publication, without the thread that goes on with it: nothing happens unless a test does it.
  ELICENSE_ASSERT(publisher_->start().ok());
  publisher_->stop();
  hub_ = std::make_unique<EventHub>(*store_, clock);
  service_ = std::make_unique<Service>(Service{.settings = settings,
                                               .store = *store_,
                                               .keys = *keys_,
                                               .random = random_,
                                               .publisher = *publisher_,
                                               .hub = *hub_,
                                               .cards = cards_,
                                               .clock = clock});
  add_public_routes(routes_, *service_);
  add_phone_routes(routes_, *service_);
  add_partner_routes(routes_, *service_);
  add_admin_routes(routes_, *service_);
  ELICENSE_ASSERT(
      store_->put_operator({.name = "li", .key = digest_of_secret(kOperatorKey)}, now(), act("operator.add")).ok());
}

ServiceHome::~ServiceHome() = default;

Answer ServiceHome::send(const HttpRequest& request) {
  const Routes::Match match = routes_.find(request.method, request.path);
  ELICENSE_ASSERT(match.handler != nullptr);
  HttpRequest with_parameters = request;
  with_parameters.parameters = match.parameters;
  Answer answer{.response = (*match.handler)(with_parameters), .body = {}};
  if (auto json = Json::parse(answer.response.body, kAnswerLimits); json.ok()) answer.body = *std::move(json);
  return answer;
}

Answer ServiceHome::post(std::string_view path, std::string_view body, const Fields& headers) {
  return send({.method = HttpMethod::post,
               .path = std::string(path),
               .query = {},
               .parameters = {},
               .headers = headers,
               .body = body,
               .remote = "192.0.2.1"});
}

Answer ServiceHome::admin_text(std::string_view path, std::string_view body) {
  return post(path, body,
              {{"authorization", "Bearer " + std::string(kOperatorKey)}, {"content-type", "application/json"}});
}

Answer ServiceHome::admin(std::string_view path, const Json& body) { return admin_text(path, body.dump()); }

Json ServiceHome::claims(std::string_view document_number) {
  return Json::Object{
      {"document_number", document_number},
      {"licence_number", "650102198807151234"},
      {"name", "买买提·阿卜杜热合曼"},
      {"sex", "男"},
      {"nationality", "CHN"},
      {"address", "新疆维吾尔自治区乌鲁木齐市天山区解放北路1号"},
      {"issuing_authority", "样本市公安局交通警察支队"},
      {"file_number", "650100123456"},
      {"birth_date", "1988-07-15"},
      {"first_issue_date", "2008-03-01"},
      {"valid_from", "2021-07-20"},
      {"valid_until", "2031-07-20"},
      {"driving_privileges",
       Json::Array{
           Json::Object{{"vehicle_category_code", "C1"}, {"issue_date", "2008-03-01"}},
           Json::Object{{"vehicle_category_code", "D"}, {"issue_date", "2011-07-20"}, {"expiry_date", "2031-07-19"}}}},
      {"points", 3},
      {"record", Json::Array{Json::Object{{"date", "2011-07-20"}, {"text", "增加准驾车型D"}}}}};
}

std::string ServiceHome::portrait_uri() {
  return Portrait{.format = Portrait::Format::jpeg, .image = {0xff, 0xd8, 0xff, 0xe0, 1, 2, 3}}.data_uri();
}

Answer ServiceHome::create(std::string_view document_number, std::string_view status) {
  return admin("/admin/licence/create",
               Json::Object{{"claims", claims(document_number)}, {"portrait", portrait_uri()}, {"status", status}});
}

std::string ServiceHome::audit_text() {
  std::string text;
  const auto entries = store_->audit_after(0, 10'000);
  ELICENSE_ASSERT(entries.ok());
  for (const AuditEntry& entry : *entries) text += entry.actor + ' ' + entry.action + ' ' + entry.details + '\n';
  return text;
}

bool ServiceHome::audit_verifies() {
  const auto verdict = store_->verify_audit();
  return verdict.ok() && !verdict->broken_at;
}

}  // namespace elicense::authority::test
