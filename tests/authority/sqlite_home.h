// A SQLite store's folder.
#pragma once

#include <memory>
#include <string>

#include "authority/store/sqlite_store.h"
#include "authority/store_home.h"

namespace elicense::authority::test {

class SqliteHome final : public StoreHome {
 public:
  Stored<std::unique_ptr<Store>> open(StorePurpose purpose) override;
  bool tamper(const std::string& sql) override;
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_ = make_folder();
};

}  // namespace elicense::authority::test
