// The group of group.h for torch: shapes once, tensors at each call.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <c10/core/Allocator.h>
#include <torch/csrc/utils/pybind.h>

#include <optional>
#include <tuple>
#include <vector>

#include "group.h"

namespace {

namespace hc = hypercuboid;
using at::Tensor;
using Optional = std::optional<Tensor>;

// The tensors of a unit, in this order in lists that are flat over alternatives and units.
enum Weight { DEPTHWISE, POINTWISE, GAMMA, BETA, WEIGHTS };
enum Statistic { RUNNING_MEAN, RUNNING_VAR, STATISTICS };

struct Spec {
  std::vector<std::vector<hc::Shape>> alternatives;
  int channels = 0, height = 0, width = 0, outputs = 0, rows = 0, columns = 0;
};

// What the modules hold when a group runs.
struct State {
  std::vector<Optional> weights, statistics;
  std::vector<bool> training;
  std::vector<double> momentum;

  // Weights may lie in memory in any order, statistics must lie as they are counted: they are changed where they are.
  State(std::vector<Optional> given, std::vector<Optional> changed, std::vector<bool> training, std::vector<double> momentum)
      : weights(std::move(given)), statistics(std::move(changed)), training(std::move(training)), momentum(std::move(momentum)) {
    for (Optional& weight : weights)
      if (weight) weight = weight->contiguous();
    for (const Optional& statistic : statistics) TORCH_CHECK(!statistic || statistic->is_contiguous(), "running statistics have strides");
  }
};

template <class T> T* pointer(const Optional& tensor) { return tensor ? tensor->data_ptr<T>() : nullptr; }

template <class T> hc::Group<T> assemble(const Spec& spec, const State& state, const Tensor& source, const Tensor& coefficients) {
  hc::Group<T> group;
  group.images = static_cast<int>(source.size(0));
  group.channels = spec.channels, group.height = spec.height, group.width = spec.width;
  group.outputs = spec.outputs, group.rows = spec.rows, group.columns = spec.columns;
  group.chunks = std::max(1, std::min(group.images, at::get_num_threads()));
  group.parallel = [](int count, const std::function<void(int)>& body) {
    at::parallel_for(0, count, 1, [&](int64_t from, int64_t to) { for (int64_t i = from; i < to; ++i) body(static_cast<int>(i)); });
  };
  std::size_t place = 0, index = 0;
  const T* coefficient = coefficients.data_ptr<T>();
  for (const auto& shapes : spec.alternatives) {
    hc::Alternative<T> alternative;
    alternative.coefficient = coefficient[index++];
    for (const hc::Shape& shape : shapes) {
      hc::Unit<T> unit;
      static_cast<hc::Shape&>(unit) = shape;
      unit.depthwise = pointer<T>(state.weights[place * WEIGHTS + DEPTHWISE]);
      unit.pointwise_weight = pointer<T>(state.weights[place * WEIGHTS + POINTWISE]);
      unit.gamma = pointer<T>(state.weights[place * WEIGHTS + GAMMA]);
      unit.beta = pointer<T>(state.weights[place * WEIGHTS + BETA]);
      unit.running_mean = pointer<T>(state.statistics[place * STATISTICS + RUNNING_MEAN]);
      unit.running_var = pointer<T>(state.statistics[place * STATISTICS + RUNNING_VAR]);
      unit.training = state.training[place];
      unit.momentum = state.momentum[place];
      alternative.units.push_back(unit);
      ++place;
    }
    group.alternatives.push_back(std::move(alternative));
  }
  return group;
}

// Places in `kept` and `norms` for what the backward pass needs; their sizes in elements.
template <class T> std::tuple<int64_t, int64_t> place(hc::Group<T>& group, T* kept, T* norms) {
  int64_t size = 0, channels = 0;
  for (auto& alternative : group.alternatives)
    for (auto& unit : alternative.units) {
      if (kept) unit.kept = kept + size;
      if (norms) unit.mean = norms + channels, unit.deviation = norms + channels + unit.outputs;
      size += static_cast<int64_t>(unit.kept_size(group.images));
      channels += 2 * unit.outputs;
    }
  return {size, channels};
}

template <class T> std::tuple<Tensor, Tensor, Tensor> forward_as(const Spec& spec, const State& state, const Tensor& source, const Tensor& coefficients) {
  hc::Group<T> group = assemble<T>(spec, state, source, coefficients);
  const auto [size, channels] = place<T>(group, nullptr, nullptr);
  Tensor kept = at::empty({size}, source.options()), norms = at::empty({channels}, source.options());
  Tensor out = at::empty({source.size(0), spec.outputs, spec.rows, spec.columns}, source.options(), at::MemoryFormat::ChannelsLast);
  place<T>(group, kept.data_ptr<T>(), norms.data_ptr<T>());
  pybind11::gil_scoped_release released;
  group.forward(source.data_ptr<T>(), out.data_ptr<T>());
  return {out, kept, norms};
}

using Gradients = std::tuple<Optional, Tensor, std::vector<Optional>>;

template <class T>
Gradients backward_as(const Spec& spec, const State& state, const Tensor& source, const Tensor& coefficients, const Tensor& kept,
                      const Tensor& norms, const Tensor& d_out, bool to_source, const std::vector<bool>& wanted) {
  hc::Group<T> group = assemble<T>(spec, state, source, coefficients);
  place<T>(group, kept.data_ptr<T>(), norms.data_ptr<T>());
  std::vector<Optional> gradients(state.weights.size());
  for (std::size_t i = 0; i < gradients.size(); ++i)
    if (wanted[i]) gradients[i] = at::empty(state.weights[i]->sizes(), source.options());
  std::size_t index = 0;
  for (auto& alternative : group.alternatives)
    for (auto& unit : alternative.units) {
      unit.d_depthwise = pointer<T>(gradients[index * WEIGHTS + DEPTHWISE]);
      unit.d_pointwise = pointer<T>(gradients[index * WEIGHTS + POINTWISE]);
      unit.d_gamma = pointer<T>(gradients[index * WEIGHTS + GAMMA]);
      unit.d_beta = pointer<T>(gradients[index * WEIGHTS + BETA]);
      ++index;
    }
  Optional d_source;
  if (to_source) d_source = at::empty_like(source);
  {
    pybind11::gil_scoped_release released;
    group.backward(source.data_ptr<T>(), d_out.data_ptr<T>(), pointer<T>(d_source));
  }
  Tensor d_coefficients = at::empty_like(coefficients);
  for (std::size_t i = 0; i < group.alternatives.size(); ++i) d_coefficients.data_ptr<T>()[i] = group.alternatives[i].d_coefficient;
  return {d_source, d_coefficients, gradients};
}

std::tuple<Tensor, Tensor, Tensor> forward(const Spec& spec, const State& state, const Tensor& source, const Tensor& coefficients) {
  return source.scalar_type() == at::kDouble ? forward_as<double>(spec, state, source, coefficients)
                                             : forward_as<float>(spec, state, source, coefficients);
}

Gradients backward(const Spec& spec, const State& state, const Tensor& source, const Tensor& coefficients, const Tensor& kept,
                   const Tensor& norms, const Tensor& d_out, bool to_source, const std::vector<bool>& wanted) {
  auto run = source.scalar_type() == at::kDouble ? backward_as<double> : backward_as<float>;
  return run(spec, state, source, coefficients, kept, norms, d_out, to_source, wanted);
}

// Numbers of a unit, in the order in which Python gives them.
hc::Shape shape(const std::vector<int>& n, double eps) {
  hc::Shape s;
  s.spatial = static_cast<hc::Spatial>(n[0]);
  s.window = {n[1], n[2], n[3], n[4], n[5], n[6], n[7]};
  s.relu = n[8], s.pointwise = n[9], s.norm = n[10], s.count_padding = n[11];
  s.inputs = n[12], s.outputs = n[13], s.height = n[14], s.width = n[15], s.rows = n[16], s.columns = n[17];
  s.eps = eps;
  return s;
}

Spec spec(const std::vector<std::vector<std::pair<std::vector<int>, double>>>& alternatives, const std::vector<int>& source, const std::vector<int>& out) {
  Spec made;
  for (const auto& units : alternatives) {
    std::vector<hc::Shape> shapes;
    for (const auto& [numbers, eps] : units) shapes.push_back(shape(numbers, eps));
    made.alternatives.push_back(shapes);
  }
  made.channels = source[0], made.height = source[1], made.width = source[2];
  made.outputs = out[0], made.rows = out[1], made.columns = out[2];
  return made;
}

}  // namespace

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  // What the kernel takes for itself stands in torch's account of memory, as what torch takes does.
  hc::account = [](void* place, long bytes) { c10::reportMemoryUsageToProfiler(place, bytes, 0, 0, c10::Device(c10::kCPU)); };
  pybind11::class_<Spec>(m, "Spec")
      .def(pybind11::init(&spec))
      .def("__deepcopy__", [](const pybind11::object& self, const pybind11::object&) { return self; });
  pybind11::class_<State>(m, "State").def(pybind11::init<std::vector<Optional>, std::vector<Optional>, std::vector<bool>, std::vector<double>>());
  m.def("forward", &forward);
  m.def("backward", &backward);
  m.attr("vector_bytes") = hc::VECTOR_BYTES;
}
