// IETF Token Status List, JWT form: thousands of statuses in one small signed file that anyone may cache.
// Refuses another typ, a `sub` that is not the uri asked for, keys without the use, expired lists, element sizes other
// than 1, 2, 4 and 8 bits, lists that inflate beyond 2^20 bytes, and an index outside the list.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "token/trust_list.h"

namespace elicense {

inline constexpr std::string_view kStatusListType = "statuslist+jwt";
inline constexpr std::size_t kStatusesPerShard = std::size_t{1} << 20;

// The registered values (Token Status List 7.1); 16 and above are the profile's own.
namespace status_value {
inline constexpr std::uint8_t kValid = 0;
inline constexpr std::uint8_t kInvalid = 1;
inline constexpr std::uint8_t kSuspended = 2;
}  // namespace status_value

// Statuses packed into bytes, the first one in the lowest bits.
class StatusArray {
 public:
  static Result<StatusArray> pack(const std::vector<std::uint8_t>& statuses,
                                  int bits);  // refuses a status that needs more bits
  static Result<StatusArray> decode(int bits, std::string_view base64url_zlib);
  std::string encode() const;

  int bits() const { return bits_; }
  std::size_t size() const { return packed_.size() * (8 / static_cast<std::size_t>(bits_)); }
  Result<std::uint8_t> at(std::uint64_t index) const;

 private:
  StatusArray(int bits, Bytes packed) : bits_(bits), packed_(std::move(packed)) {}
  int bits_;
  Bytes packed_;
};

struct StatusListHead {
  std::string uri;  // where it is published; the `sub` of the token
  std::optional<std::string> issuer;
  UnixTime issued;
  std::optional<UnixTime> expires;
  std::optional<std::int64_t> time_to_live;  // seconds a copy may be cached
};

Result<std::string> sign_status_list(const StatusListHead& head, const StatusArray& statuses, const Signer& key);

class VerifiedStatusList {
 public:
  static Result<VerifiedStatusList> verify(std::string_view compact, std::string_view uri, const TrustList& trust,
                                           UnixTime now);
  const StatusListHead& head() const { return head_; }
  const StatusArray& statuses() const { return statuses_; }

 private:
  VerifiedStatusList(StatusListHead head, StatusArray statuses)
      : head_(std::move(head)), statuses_(std::move(statuses)) {}
  StatusListHead head_;
  StatusArray statuses_;
};

// Where a token says its status stands.
struct StatusReference {
  std::uint64_t index = 0;
  std::string uri;
};

// The lists at hand, by uri.
class StatusLists {
 public:
  void add(VerifiedStatusList list);
  Result<std::uint8_t> find(const StatusReference& reference) const;

 private:
  std::map<std::string, VerifiedStatusList, std::less<>> by_uri_;
};

}  // namespace elicense
