// The inner loops: depthwise windows, 1x1 products and their gradients, on images in blocks of channels.
#pragma once

#include "vectors.h"

namespace hypercuboid {

// A window that moves over an image; the image is padded already.
struct Window {
  int rows = 1, columns = 1;            // of the kernel
  int down = 1, right = 1;              // strides
  int dilation = 1;
  int above = 0, before = 0;            // padding
};

// ------------------------------------------------------------------ depthwise, forward

// X neighbouring outputs of one row. K is the size of a square kernel and S the stride to the right where they are
// known, 0 where not. `pitch` is the number of pixels in a row of `in`.
template <class V, int K, int S, int X, bool ADD>
inline void window_tile(const V* in, int pitch, const V* filter, const Window& w, V* out) {
  const int rows = K ? K : w.rows, columns = K ? K : w.columns, step = S ? S : w.right;
  V sum[X];
#pragma GCC unroll 16
  for (int x = 0; x < X; ++x) sum[x] = V{};
  for (int ky = 0; ky < rows; ++ky) {
    const V* line = in + static_cast<long>(ky) * w.dilation * pitch;
#pragma GCC unroll 8
    for (int kx = 0; kx < columns; ++kx) {
      const V factor = filter[ky * columns + kx];
      const V* at = line + kx * w.dilation;
#pragma GCC unroll 16
      for (int x = 0; x < X; ++x) sum[x] += factor * at[x * step];
    }
  }
#pragma GCC unroll 16
  for (int x = 0; x < X; ++x) out[x] = ADD ? out[x] + sum[x] : sum[x];
}

template <class V, int K, int S, bool ADD>
inline void window_row(const V* in, int pitch, const V* filter, const Window& w, int count, V* out) {
  const int step = S ? S : w.right;
  int x = 0;
  for (; x + PIXELS <= count; x += PIXELS) window_tile<V, K, S, PIXELS, ADD>(in + x * step, pitch, filter, w, out + x);
  for (; x + 4 <= count; x += 4) window_tile<V, K, S, 4, ADD>(in + x * step, pitch, filter, w, out + x);
  for (; x < count; ++x) window_tile<V, K, S, 1, ADD>(in + x * step, pitch, filter, w, out + x);
}

// One row of outputs of one block: out[x] (+)= sum over the window of in * filter.
template <class V, bool ADD>
inline void window_row(const V* in, int pitch, const V* filter, const Window& w, int count, V* out) {
  const bool square = w.rows == w.columns && w.right <= 2;
  const int known = square ? w.rows * 10 + w.right : 0;
  switch (known) {
    case 31: return window_row<V, 3, 1, ADD>(in, pitch, filter, w, count, out);
    case 32: return window_row<V, 3, 2, ADD>(in, pitch, filter, w, count, out);
    case 51: return window_row<V, 5, 1, ADD>(in, pitch, filter, w, count, out);
    case 52: return window_row<V, 5, 2, ADD>(in, pitch, filter, w, count, out);
    case 71: return window_row<V, 7, 1, ADD>(in, pitch, filter, w, count, out);
    case 72: return window_row<V, 7, 2, ADD>(in, pitch, filter, w, count, out);
    default: return window_row<V, 0, 0, ADD>(in, pitch, filter, w, count, out);
  }
}

// ------------------------------------------------------------------ depthwise, gradients

// What each output gives back to the inputs it read: in += out * filter. For strides, where no window over `out` does.
template <class V>
inline void scatter_row(const V* out, int count, const V* filter, const Window& w, V* in, int pitch) {
  for (int ky = 0; ky < w.rows; ++ky)
    for (int kx = 0; kx < w.columns; ++kx) {
      const V factor = filter[ky * w.columns + kx];
      V* at = in + static_cast<long>(ky) * w.dilation * pitch + kx * w.dilation;
      for (int x = 0; x < count; ++x) at[x * w.right] += factor * out[x];
    }
}

// The gradient of R rows of the filter of one block: grad += sum over outputs of out * in.
template <class V, int K, int R>
inline void filter_rows(const V* in, int pitch, const V* out, int out_pitch, const Window& w, int height, int width, V* grad) {
  V sum[R * K];
#pragma GCC unroll 32
  for (int i = 0; i < R * K; ++i) sum[i] = V{};
  for (int y = 0; y < height; ++y) {
    const V* from = in + static_cast<long>(y) * w.down * pitch;
    for (int x = 0; x < width; ++x) {
      const V given = out[y * out_pitch + x];
      const V* at = from + x * w.right;
#pragma GCC unroll 8
      for (int ky = 0; ky < R; ++ky)
#pragma GCC unroll 8
        for (int kx = 0; kx < K; ++kx) sum[ky * K + kx] += given * at[ky * w.dilation * pitch + kx * w.dilation];
    }
  }
#pragma GCC unroll 32
  for (int i = 0; i < R * K; ++i) grad[i] += sum[i];
}

template <class V>
inline void filter_tap(const V* in, int pitch, const V* out, int out_pitch, const Window& w, int height, int width, V* grad) {
  V sum[4] = {};
  for (int y = 0; y < height; ++y) {
    const V* from = in + static_cast<long>(y) * w.down * pitch;
    const V* given = out + y * out_pitch;
    int x = 0;
    for (; x + 4 <= width; x += 4)
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) sum[i] += given[x + i] * from[(x + i) * w.right];
    for (; x < width; ++x) sum[0] += given[x] * from[x * w.right];
  }
  grad[0] += (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

template <class V, int K, int R>
inline void filter_square(const V* in, int pitch, const V* out, int out_pitch, const Window& w, int height, int width, V* grad) {
  int ky = 0;
  for (; ky + R <= K; ky += R)
    filter_rows<V, K, R>(in + static_cast<long>(ky) * w.dilation * pitch, pitch, out, out_pitch, w, height, width, grad + ky * K);
  for (; ky < K; ++ky)
    filter_rows<V, K, 1>(in + static_cast<long>(ky) * w.dilation * pitch, pitch, out, out_pitch, w, height, width, grad + ky * K);
}

// The gradient of the filter of one block of one image: grad += sum over outputs of out * in.
template <class V>
inline void filter_gradient(const V* in, int pitch, const V* out, int out_pitch, const Window& w, int height, int width, V* grad) {
  const int size = w.rows == w.columns ? w.rows : 0;
  if (size == 3) return filter_square<V, 3, 3>(in, pitch, out, out_pitch, w, height, width, grad);
  if (size == 5) return filter_square<V, 5, WINDOW_ROWS>(in, pitch, out, out_pitch, w, height, width, grad);
  if (size == 7) return filter_square<V, 7, WINDOW_ROWS == 5 ? 3 : 1>(in, pitch, out, out_pitch, w, height, width, grad);
  for (int ky = 0; ky < w.rows; ++ky)
    for (int kx = 0; kx < w.columns; ++kx)
      filter_tap(in + (static_cast<long>(ky) * pitch + kx) * w.dilation, pitch, out, out_pitch, w, height, width,
                 grad + ky * w.columns + kx);
}

// ------------------------------------------------------------------ 1x1 products

// X pixels of M blocks of outputs: out = in * filter. `in_pitch` and `out_pitch` are the vectors between blocks,
// `filter` holds for each block of outputs one vector per input channel.
template <class T, int X, int M>
inline void product_tile(const Vector<T>* in, long in_pitch, const Vector<T>* filter, int inputs, Vector<T>* out, long out_pitch) {
  using V = Vector<T>;
  V sum[M][X];
#pragma GCC unroll 4
  for (int m = 0; m < M; ++m)
#pragma GCC unroll 16
    for (int x = 0; x < X; ++x) sum[m][x] = V{};
  for (int block = 0; block * lanes<T> < inputs; ++block) {
    const T* at = reinterpret_cast<const T*>(in + block * in_pitch);
    const V* factors = filter + block * lanes<T>;
    const int count = filled<T>(inputs, block);
    for (int lane = 0; lane < count; ++lane)
#pragma GCC unroll 4
      for (int m = 0; m < M; ++m) {
        const V factor = factors[static_cast<long>(m) * inputs + lane];
#pragma GCC unroll 16
        for (int x = 0; x < X; ++x) sum[m][x] += factor * at[x * lanes<T> + lane];
      }
  }
#pragma GCC unroll 4
  for (int m = 0; m < M; ++m)
#pragma GCC unroll 16
    for (int x = 0; x < X; ++x) out[m * out_pitch + x] = sum[m][x];
}

template <class T, int M>
inline void product_blocks(const Vector<T>* in, long in_pitch, const Vector<T>* filter, int inputs, int pixels, Vector<T>* out, long out_pitch) {
  int x = 0;
  for (; x + PIXELS <= pixels; x += PIXELS) product_tile<T, PIXELS, M>(in + x, in_pitch, filter, inputs, out + x, out_pitch);
  for (; x + 4 <= pixels; x += 4) product_tile<T, 4, M>(in + x, in_pitch, filter, inputs, out + x, out_pitch);
  for (; x < pixels; ++x) product_tile<T, 1, M>(in + x, in_pitch, filter, inputs, out + x, out_pitch);
}

// out[block][pixel] = sum over input channels of in * filter, for all blocks of outputs.
template <class T>
inline void product(const Vector<T>* in, long in_pitch, const Vector<T>* filter, int inputs, int outputs, int pixels, Vector<T>* out, long out_pitch) {
  int block = 0;
  const int count = blocks<T>(outputs);
  for (; block + 2 <= count; block += 2)
    product_blocks<T, 2>(in, in_pitch, filter + static_cast<long>(block) * inputs, inputs, pixels, out + block * out_pitch, out_pitch);
  for (; block < count; ++block)
    product_blocks<T, 1>(in, in_pitch, filter + static_cast<long>(block) * inputs, inputs, pixels, out + block * out_pitch, out_pitch);
}

// R output channels by M blocks of input channels: grad += sum over pixels of given * in.
template <class T, int R, int M>
inline void outer_tile(const T* given, const Vector<T>* in, long in_pitch, int pixels, Vector<T>* grad, long grad_pitch) {
  using V = Vector<T>;
  V sum[R][M];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int m = 0; m < M; ++m) sum[r][m] = V{};
  for (int p = 0; p < pixels; ++p)
#pragma GCC unroll 4
    for (int m = 0; m < M; ++m) {
      const V value = in[m * in_pitch + p];
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) sum[r][m] += value * given[static_cast<long>(p) * lanes<T> + r];
    }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int m = 0; m < M; ++m) grad[r * grad_pitch + m] += sum[r][m];
}

// The gradient of a 1x1 filter over some pixels: grad[output channel][block of inputs] += given * in. The output
// channels of `grad` fill whole blocks.
template <class T>
inline void outer(const Vector<T>* given, long given_pitch, const Vector<T>* in, long in_pitch, int inputs, int outputs, int pixels, Vector<T>* grad) {
  constexpr int ROWS = lanes<T> < PIXELS ? lanes<T> : PIXELS;
  const int count = blocks<T>(inputs);
  for (int to = 0; to < blocks<T>(outputs); ++to)
    for (int row = 0; row < lanes<T> && to * lanes<T> + row < outputs; row += ROWS) {
      const T* at = reinterpret_cast<const T*>(given + to * given_pitch) + row;
      Vector<T>* sums = grad + static_cast<long>(to * lanes<T> + row) * count;
      int block = 0;
      for (; block + 2 <= count; block += 2)
        outer_tile<T, ROWS, 2>(at, in + block * in_pitch, in_pitch, pixels, sums + block, count);
      for (; block < count; ++block)
        outer_tile<T, ROWS, 1>(at, in + block * in_pitch, in_pitch, pixels, sums + block, count);
    }
}

}  // namespace hypercuboid
