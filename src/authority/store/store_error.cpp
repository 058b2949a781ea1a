#include "authority/store/store_error.h"

#include <cerrno>

namespace elicense::authority {

std::string_view store_error_name(StoreError error) {
  switch (error) {
    case StoreError::unavailable:
      return "store-unavailable";
    case StoreError::busy:
      return "store-busy";
    case StoreError::full:
      return "store-full";
    case StoreError::read_only:
      return "store-read-only";
    case StoreError::constraint:
      return "store-constraint";
    case StoreError::corrupt:
      return "store-corrupt";
    case StoreError::newer_schema:
      return "store-newer-schema";
    case StoreError::made_for_demo:
      return "store-made-for-demo";
    case StoreError::made_for_production:
      return "store-made-for-production";
  }
  return "store-unavailable";
}

std::string_view store_error_text(StoreError error) {
  switch (error) {
    case StoreError::unavailable:
      return "the database cannot be opened or reached";
    case StoreError::busy:
      return "another writer held the database for too long";
    case StoreError::full:
      return "no room is left for the database: it is read, nothing is written";
    case StoreError::read_only:
      return "the database or its folder may not be written";
    case StoreError::constraint:
      return "the data breaks a rule of the database: a licence that is not there, or a key that is taken";
    case StoreError::corrupt:
      return "the database is damaged: restore it from a backup";
    case StoreError::newer_schema:
      return "the database was written by a newer version of this program";
    case StoreError::made_for_demo:
      return "this data was made with --demo; it is opened with --demo only";
    case StoreError::made_for_production:
      return "this data was made without --demo; it is not opened with --demo";
  }
  return "the database cannot be opened or reached";
}

StoreError error_of_errno() {
  switch (errno) {
    case EACCES:
    case EPERM:
    case EROFS:
      return StoreError::read_only;
    case ENOSPC:
    case EDQUOT:
      return StoreError::full;
    default:
      return StoreError::unavailable;
  }
}

}  // namespace elicense::authority
