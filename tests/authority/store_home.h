// A place where a store of some kind lives, empty at first. Tests of the interface are written against this and run for
// each kind there is.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "authority/store/store.h"

namespace elicense::authority::test {

class StoreHome {
 public:
  virtual ~StoreHome() = default;
  virtual Stored<std::unique_ptr<Store>> open(StorePurpose purpose) = 0;
  // Behind the store's back, as somebody with the database at hand would.
  virtual bool tamper(const std::string& sql) = 0;
};

struct StoreKind {
  const char* name;
  std::unique_ptr<StoreHome> (*make)();  // nullptr where there is no such database
};

std::string make_folder();  // new and empty, removed at the end of the program

inline constexpr UnixTime kNow{1'767'225'600};  // 2026-01-01 08:00 in the authority's zone
inline constexpr const char* kDocument = "3701000000012";

class StoreTest : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override;
  Store& store() { return *store_; }
  void reopen();  // closes it first
  std::unique_ptr<Store> second_instance();
  StoreHome& home() { return *home_; }

  void add_licence(const std::string& document_number, const std::string& status = "A");
  void add_phone(const std::string& document_number, const std::string& device);
  bool audit_verifies();
  std::int64_t audit_entries();

 private:
  std::unique_ptr<StoreHome> home_;
  std::unique_ptr<Store> store_;
};

NewLicence licence_named(const std::string& document_number, const std::string& status = "A");
Act act(const std::string& action);
SecretDigest digest_number(int number);

}  // namespace elicense::authority::test
