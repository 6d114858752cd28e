// Vectors of the machine that the file is compiled for, and images in blocks of as many channels as a vector holds.
//
// An image of C channels is stored as [blocks][pixels] of vectors, blocks = ceil(C / lanes): every inner loop works on
// whole vectors, whatever C is; only what reads and writes images as [pixels][C] knows of a last block that is not full.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace hypercuboid {

#if defined(__AVX512F__)
constexpr int VECTOR_BYTES = 64, PIXELS = 8, WINDOW_ROWS = 5;
#elif defined(__AVX__)
constexpr int VECTOR_BYTES = 32, PIXELS = 4, WINDOW_ROWS = 1;
#else
constexpr int VECTOR_BYTES = 16, PIXELS = 4, WINDOW_ROWS = 1;
#endif
// PIXELS: how many pixels a tile works on at once; WINDOW_ROWS: how many rows of a 5 x 5 window fit into registers.

template <class T> struct Vectors;
template <> struct Vectors<float> {
  typedef float type __attribute__((vector_size(VECTOR_BYTES)));
  typedef int mask __attribute__((vector_size(VECTOR_BYTES)));
};
template <> struct Vectors<double> {
  typedef double type __attribute__((vector_size(VECTOR_BYTES)));
  typedef long long mask __attribute__((vector_size(VECTOR_BYTES)));
};
template <class T> using Vector = typename Vectors<T>::type;

template <class T> constexpr int lanes = VECTOR_BYTES / static_cast<int>(sizeof(T));
template <class T> constexpr int blocks(int channels) { return (channels + lanes<T> - 1) / lanes<T>; }
// How many channels of a block are there.
template <class T> inline int filled(int channels, int block) {
  const int left = channels - block * lanes<T>;
  return left < lanes<T> ? left : lanes<T>;
}

template <class T> inline Vector<T> splat(T value) { return Vector<T>{} + value; }

// The first `count` channels from memory, zeros behind them.
template <class T> inline Vector<T> load(const T* from, int count) {
  Vector<T> value{};
  if (count == lanes<T>) std::memcpy(&value, from, sizeof value);
  else std::memcpy(&value, from, sizeof(T) * static_cast<std::size_t>(count));
  return value;
}
template <class T> inline void store(T* to, Vector<T> value, int count) {
  if (count == lanes<T>) std::memcpy(to, &value, sizeof value);
  else std::memcpy(to, &value, sizeof(T) * static_cast<std::size_t>(count));
}

// Negative numbers become zero; what is not a number stays so.
template <class T> inline Vector<T> rectified(Vector<T> value) { return value < T(0) ? Vector<T>{} : value; }

// Where it is set, it is told of the bytes that each buffer takes, and of as many below zero when it gives them back.
inline void (*account)(void* place, long bytes) = nullptr;

// Vectors at an aligned place, not initialised unless `zero` is called.
template <class T> class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t count) { resize(count); }
  Buffer(const Buffer&) = delete;
  Buffer(Buffer&& other) noexcept : place_(other.place_), count_(other.count_) { other.place_ = nullptr; other.count_ = 0; }
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(place_, other.place_), std::swap(count_, other.count_);
    return *this;
  }
  ~Buffer() { release(); }
  void resize(std::size_t count) {
    if (count <= count_) return;
    release();
    place_ = static_cast<Vector<T>*>(std::aligned_alloc(64, (count * VECTOR_BYTES + 63) / 64 * 64));
    count_ = place_ ? count : 0;
    if (!place_) throw std::bad_alloc();
    if (account) account(place_, bytes());
  }
  void zero() { if (place_) std::memset(static_cast<void*>(place_), 0, count_ * VECTOR_BYTES); }
  Vector<T>* get() const { return place_; }
  std::size_t size() const { return count_; }

 private:
  long bytes() const { return static_cast<long>(count_ * VECTOR_BYTES); }
  void release() {
    if (place_ && account) account(place_, -bytes());
    std::free(place_);
    place_ = nullptr, count_ = 0;
  }

  Vector<T>* place_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace hypercuboid
