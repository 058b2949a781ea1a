// A whole service in one process: a SQLite store and keys in a folder of their own, publisher, event hub, and a clock
// that stands still until a test moves it. Requests go to the handlers as the dispatcher hands them over.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "authority/service/service.h"

namespace elicense::authority::test {

inline constexpr std::string_view kOrigin = "https://dl.example.org";
inline constexpr UnixTime kStart{1'790'000'000};  // 2026-09-21 22:13 in the authority's zone
inline constexpr const char* kOperatorKey = "the key of the operator li, shown once";
inline constexpr const char* kNumber = "3790123456789";

inline constexpr std::string_view kSql = "x'; drop table licences; --";

struct Answer {
  HttpResponse response;
  Json body;  // null when it is not JSON

  int status() const { return response.status; }
  std::string code() const;                           // of a refusal; empty otherwise
  std::string text(std::string_view name) const;      // a member; empty when it is no text
  std::int64_t integer(std::string_view name) const;  // -1 when it is none
  bool is(int wanted_status, std::string_view wanted_code) const {
    return status() == wanted_status && code() == wanted_code;
  }
};

// Bodies of requests.
Json named(std::string_view document_number);
Json change_of(std::string_view name, Json value, std::int64_t revision = 1);  // of kNumber

class ServiceHome {
 public:
  ServiceHome();
  ~ServiceHome();
  ServiceHome(const ServiceHome&) = delete;
  ServiceHome& operator=(const ServiceHome&) = delete;

  ServiceSettings settings;  // may be changed before a request
  Service& service() { return *service_; }
  Store& store() { return *store_; }
  KeyRing& keys() { return *keys_; }
  Publisher& publisher() { return *publisher_; }
  const std::string& folder() const { return folder_; }

  UnixTime now() const { return {now_.load()}; }
  void pass(std::int64_t seconds) { now_ += seconds; }

  Answer send(const HttpRequest& request);
  Answer post(std::string_view path, std::string_view body, const Fields& headers = {});
  // As the operator li.
  Answer admin(std::string_view path, const Json& body);
  Answer admin_text(std::string_view path, std::string_view body);

  // A complete licence, in force, with a portrait; by the way operators have.
  static Json claims(std::string_view document_number = kNumber);
  static std::string portrait_uri();
  Answer create(std::string_view document_number = kNumber, std::string_view status = "A");
  // The audit record as one text, and whether its chain holds.
  std::string audit_text();
  bool audit_verifies();

 private:
  std::string folder_;
  std::atomic<std::int64_t> now_;
  SystemRandom random_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<KeyRing> keys_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<EventHub> hub_;
  Cards cards_;
  std::unique_ptr<Service> service_;
  Routes routes_;
};

}  // namespace elicense::authority::test
