// What is issued and shown of a licence, read from its record once for each revision: parsed claims and the portrait's
// digest. Refuses a record that is not complete. A cache, not a memory: whoever changes a licence raises its revision.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "authority/store/store.h"
#include "licence/licence.h"

namespace elicense::authority {

struct Card {
  std::int64_t revision = 0;
  LicenceData data;  // without the portrait
  PortraitDigest portrait_digest{};
};

// The claims of a record, with the points and the last day that its facts say.
Result<LicenceData> licence_data_of(const LicenceRecord& record);

class Cards {
 public:
  // nullptr: the record is not one that a licence could be issued from.
  Stored<std::shared_ptr<const Card>> card_of(Store& store, const LicenceRecord& record);

 private:
  static constexpr std::size_t kMost = 4096;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Card>> cards_;
};

}  // namespace elicense::authority
