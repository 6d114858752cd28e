"""`scan`: one body at each position of a sequence. Against loops by hand, and against the same network unrolled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from generated import generated, network
from graph_spaces import all_architectures
from supernets import ROOT, cosine, inputs, space_of
from torch import Tensor, nn
from torch.nn import functional as F

from hypercuboid.network.model import Model
from hypercuboid.network.steps import RunOp, Scan
from hypercuboid.pipeline import Architecture, Space, load, load_from_text
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.bilevel import Bilevel
from hypercuboid.targets.sheet import Cell, Flow
from hypercuboid.targets.sheet_rating import ratings
from hypercuboid.targets.sheet_read import read_panels

torch.set_num_threads(1)
USES = "hypercuboid 1\nuse std.ops { linear, bn, relu, tanh, sigmoid, identity, zero, zeros }\n"
DARTS_V2 = (
    ("sigmoid", 0),
    ("relu", 1),
    ("relu", 1),
    ("identity", 1),
    ("tanh", 2),
    ("sigmoid", 5),
    ("tanh", 3),
    ("relu", 5),
)
"""The recurrent genotype: activation and predecessor of each node."""


def space(text: str, name: str | None = None) -> Space:
    return load_from_text(USES + text, name)


def language_model(**parameters: int) -> Space:
    return load(ROOT / "spaces" / "rnn_language_model.hc", "RnnLanguageModel", inputs=None, **parameters)


def published(**parameters: int) -> Architecture:
    found = load(ROOT / "spaces" / "rnn_language_model.hc", "DARTS_V2_RNN", inputs=None, **parameters)
    assert isinstance(found, Architecture)
    return found


# ---------------------------------------------------------------- counts


def test_parameters_count_once_and_work_at_each_position() -> None:
    vocab, length, width = 10000, 35, 850
    cell = 2 * width * 2 * width + 8 * width * 2 * width
    counts = published().counts()
    assert counts.params == vocab * width + cell + width * vocab + vocab
    assert counts.macs == length * (cell + width * vocab)
    whole = language_model().counts()
    edges = sum(range(1, 9))
    assert whole.macs == length * (2 * width * 2 * width + edges * 2 * width * width + width * vocab)
    assert (whole.params, whole.weights, whole.groups) == (counts.params, 4 * edges, edges)
    assert whole.architectures == 2642411520
    assert whole.params_range == (counts.params, counts.params) and whole.additive


def test_any_length_is_counted_and_none_is_unrolled() -> None:
    short, long = language_model(length=2, vocab=11, width=6), language_model(length=1000000, vocab=11, width=6)
    assert long.counts().macs == 500000 * (short.counts().macs or 0)
    assert long.counts().params == short.counts().params
    assert len(long.graph.to_networkx()) == len(short.graph.to_networkx())
    assert len(long.elaborated.definition.body.nodes) == len(short.elaborated.definition.body.nodes)
    assert len(list(long.supernet().plan.every_step())) == len(list(short.supernet().plan.every_step()))
    assert long.graph.hash != short.graph.hash


def test_all_architectures_of_scans_cost_what_ranges_say() -> None:
    made = space_of("scans")
    every = [one.counts() for one in all_architectures(made)]
    counts = made.counts()
    assert len(every) == counts.architectures
    assert counts.params_range is not None and counts.macs_range is not None
    params, macs = [one.params or 0 for one in every], [one.macs or 0 for one in every]
    assert counts.params_range[0] <= min(params) and max(params) <= counts.params_range[1]
    assert counts.macs_range[0] <= min(macs) and max(macs) <= counts.macs_range[1]


# ---------------------------------------------------------------- the published cell by hand


def by_hand(weights: dict[str, Tensor], tokens_nt: Tensor) -> Tensor:
    """The language model with the published cell as a loop (DARTS, Liu et al. 2019, Appendix A.1.2)."""
    words = weights["words.embed.weight"][tokens_nt]
    cell = "states.scan.Cell"
    first = weights[f"{cell}.g.linear.weight"]
    width = words.shape[-1]
    h = torch.zeros(len(words), width, dtype=words.dtype)
    outputs = []
    for t in range(words.shape[1]):
        gate, value = (torch.cat((words[:, t], h), 1) @ first.T).chunk(2, 1)
        states = [h + gate.sigmoid() * (value.tanh() - h)]
        for node, (activation, source) in enumerate(DARTS_V2, 1):
            matrix = weights[f"{cell}.project[{node}].linear.weight"]
            gate, value = (states[source] @ matrix.T).chunk(2, 1)
            value = value if activation == "identity" else getattr(torch, activation)(value)
            states.append(states[source] + gate.sigmoid() * (value - states[source]))
        h = torch.stack(states[1:], -1).mean(-1)
        outputs.append(h @ weights["linear.weight"].T + weights["linear.bias"])
    return torch.stack(outputs, 1)


def test_the_published_cell_is_that_of_a_loop_by_hand() -> None:
    model = published(vocab=11, length=5, width=6).model().double().eval()
    tokens = 7 * torch.arange(15).view(3, 5) % 11
    weights = {name: value.detach().clone().requires_grad_() for name, value in model.named_parameters()}
    output, wanted = model(tokens), by_hand(weights, tokens)
    assert isinstance(output, Tensor)
    assert torch.allclose(output, wanted, rtol=0, atol=1e-12)
    probe = cosine(tuple(output.shape), 0.7)
    torch.autograd.backward((output * probe).sum())
    torch.autograd.backward((wanted * probe).sum())
    for name, weight in model.named_parameters():
        theirs = weights[name].grad
        assert weight.grad is not None and theirs is not None
        assert torch.allclose(weight.grad, theirs, rtol=0, atol=1e-12), name
        assert float(theirs.abs().max()) > 0, name


# ---------------------------------------------------------------- unrolled

CELL = """
block Cell(d: int) on x, h {
  share w = linear(d)
  let k = choose { one: d, two: 2 * d }
  let y = (x -> w) + (h -> w -> linear(k) -> bn -> linear(d))
  out y -> choose act in [tanh, relu, identity] { act }
}
"""
FOLDED = (
    CELL
    + """
space Folded(d: int = 3) on x: sequence(4, 3) {
  share C = Cell(d)
  out scan h from x[0] over v in x { (v, h) -> C }
}
"""
)
UNROLLED = (
    CELL
    + """
space Unrolled(d: int = 3) on x: sequence(4, 3) {
  share C = Cell(d)
  node h[0] = x[0]
  node h[i in 1..5] = (x[i - 1], h[i - 1]) -> C
  out h[4]
}
"""
)


def test_a_scan_is_the_same_block_used_at_each_position() -> None:
    folded, unrolled = space(FOLDED, "Folded"), space(UNROLLED, "Unrolled")
    ours, theirs = folded.counts(), unrolled.counts()
    assert (ours.params, ours.macs, ours.add_mult) == (theirs.params, theirs.macs, theirs.add_mult)
    assert (ours.params_range, ours.macs_range) == (theirs.params_range, theirs.macs_range)
    assert (ours.weights, ours.architectures) == (theirs.weights, theirs.architectures) == (8, 6)
    first, second = folded.supernet().double(), unrolled.supernet().double()
    with torch.no_grad():
        for alpha in first.alphas():
            alpha.copy_(cosine(tuple(alpha.shape), 0.9))
    second.load_state_dict(first.state_dict())
    (x,) = inputs(folded)
    states, last = first(x), second(x)
    assert states.shape == (4, 4, 3)
    assert torch.allclose(states[:, -1], last, rtol=0, atol=1e-12)
    torch.autograd.backward((states[:, -1] ** 2).sum())
    torch.autograd.backward((last**2).sum())
    for (name, one), other in zip(first.named_parameters(), second.parameters(), strict=True):
        assert one.grad is not None and other.grad is not None
        assert torch.allclose(one.grad, other.grad, rtol=0, atol=1e-12), name
        assert float(other.grad.abs().max()) > 0, name
    assert buffers(first) == buffers(second)
    assert buffers(first)["C.k[two].y.bn.num_batches_tracked"] == [4]


def buffers(network: nn.Module) -> dict[str, list[float]]:
    return {name: value.flatten().tolist() for name, value in network.named_buffers()}


def test_weights_of_architectures_reach_a_scan_through_masks() -> None:
    """What is not kept is not run, also inside a scan."""
    made = space(FOLDED, "Folded")
    supernet = made.supernet().double().eval()
    (x,) = inputs(made)
    kept = {decision.name: np.zeros(decision.shape, dtype=bool) for decision in made.graph.decisions}
    for mask in kept.values():
        mask[..., 0] = True
    ones = {name: torch.from_numpy(mask).double() for name, mask in kept.items()}
    whole = supernet(x, coefficients=ones)
    hooked: list[str] = []
    for name, module in supernet.instances.items():
        module.register_forward_hook(lambda *_, name=name: hooked.append(name))
    assert torch.allclose(supernet(x, coefficients=ones, kept=kept), whole, rtol=0, atol=1e-12)
    assert hooked and not any("two" in name or "relu" in name for name in hooked)
    assert hooked.count("C.k[one].y.linear") == 4


# ---------------------------------------------------------------- parts


def test_a_scan_without_weights_is_a_running_sum(tmp_path: Path) -> None:
    made = space("space S() on x: sequence(6, 2) { out scan s from x -> zeros(2) over v in x { s + v } }")
    model = Model(made.elaborated)
    x = torch.arange(24.0).view(2, 6, 2)
    assert torch.equal(model(x), x.cumsum(dim=1))
    assert torch.equal(network(generated(made), tmp_path)(x), x.cumsum(dim=1))
    assert made.counts().params == made.counts().macs == 0


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("s", lambda x: x[:, :1].expand(-1, 6, -1)),
        ("v", lambda x: x),
        ("v + v", lambda x: 2 * x),
        ("s + last", lambda x: x[:, :1] + x[:, -1:] * torch.arange(1, 7).view(1, 6, 1)),
    ],
)
def test_bodies_that_read_little(body: str, wanted: object, tmp_path: Path) -> None:
    text = "space S() on x: sequence(6, 2) { node last = x[-1] node y = scan s from x[0] over v in x { BODY } out y }"
    made = space(text.replace("BODY", body))
    x = torch.arange(24.0).view(2, 6, 2)
    assert callable(wanted)
    assert torch.equal(Model(made.elaborated)(x), wanted(x))
    assert torch.equal(network(generated(made), tmp_path)(x), wanted(x))


def test_positions_and_zeros_are_those_of_tensors() -> None:
    text = "space S() on x: sequence(3, 2), y: image(4, 2, 2) { out x[1] + x[-1] * 2 + (y -> zeros(2)) }"
    made = space(text)
    x, y = torch.arange(12.0).view(2, 3, 2), torch.ones(2, 4, 2, 2)
    assert torch.equal(Model(made.elaborated)(x, y), x[:, 1] + 2 * x[:, 2])


def test_a_term_that_is_zero_at_every_position_is_none() -> None:
    """`zero` in a scan that starts from zeros, or ends in it, makes the term zero; from another state it does not."""
    text = """
    space S() on x: sequence(3, 4) {
      node n[0] = x
      node n[1] = sum top 1 j in 0..1 { scan s from START over v in n[j] { BODY } }
      out n[1] -> linear(2)
    }
    """
    choice = "choose f in [zero, relu] { f }"
    always = "scan k from v -> zeros(4) over w in x { w -> zero }"

    def architectures(start: str, body: str) -> int | None:
        return space(text.replace("START", start).replace("BODY", body)).counts().architectures

    assert architectures("x -> zeros(4)", f"v -> {choice}") == 1
    assert architectures("x[0]", f"v -> {choice}") == 1
    assert architectures("x[0]", f"s + (v -> {choice})") == 2
    assert architectures("x[0]", f"(choose g {{ none: ({always})[0], relu: v -> relu }})") == 1


def test_a_scan_from_a_state_that_may_be_missing_is_there_where_the_state_is() -> None:
    made = space(
        """
        space S() on x: sequence(3, 4) {
          node stem[d in [4, 6]] = x[0] -> linear(d)
          cuboid h from stem {
            state (a, b) in [4, 6]
            depth layer in 0..2
            out h[a] -> linear(b)
          }
          node r[d in [4, 6]] = scan s from h[d] over v in x { (s, v) -> linear(d) -> tanh }
          out sum d in [4, 6] { r[d] -> linear(5) }
        }
        """
    )
    counts = made.counts()
    every = [one.counts() for one in all_architectures(made)]
    assert len(every) == counts.architectures == 8
    params, macs = [one.params or 0 for one in every], [one.macs or 0 for one in every]
    assert counts.params_range == (min(params), max(params))
    assert counts.macs_range == (min(macs), max(macs))
    assert sum(weight.numel() for weight in made.supernet().weights()) == counts.params


def test_what_only_some_alternatives_read_is_optional() -> None:
    made = space(
        """
        space S() on x: sequence(3, 4) {
          node side = x[0] -> linear(4)
          out scan s from x[1] over v in x { choose f { with: s + side, without: s + v } }
        }
        """
    )
    counts = made.counts()
    assert (counts.params, counts.params_range, counts.additive) == (20, (0, 20), False)
    assert [one.counts().params for one in all_architectures(made)] == [20, 0]


def test_a_scan_outside_of_a_term_is_decided_for_itself() -> None:
    """One term of the fold reads it, and its decision is not the term's."""
    made = space(
        """
        space S() on x: sequence(3, 4) {
          node a = scan s from x[0] over v in x { (s + v) -> choose f in [relu, tanh] { f } }
          node n = sum top 1 j in 0..2 { choose g in [relu, tanh] { (a if j == 0 else x) -> linear(4) -> g } }
          out n[2]
        }
        """
    )
    counts = made.counts()
    assert counts.architectures == len(list(all_architectures(made))) == 8
    for architecture in made.sample(4, seed=2):
        again = made.architecture(architecture.text)
        assert again.text == architecture.text
        assert [one.name for one in again.elaborated.decided] == ["a.f", "n"]


def test_instances_inside_and_outside_of_a_scan_are_apart() -> None:
    made = space(
        """
        block Own(d: int) on x { share w = linear(d) out x -> w -> w }
        space S() on x: sequence(3, 4) {
          out (scan s from x[0] -> Own(4) over v in x { s + (v -> Own(4)) })[2]
        }
        """
    )
    counts = made.counts()
    assert counts.params == sum(weight.numel() for weight in Model(made.elaborated).parameters()) == 2 * 20
    assert counts.macs == 2 * 16 * 4


def test_what_a_scan_reads_besides_stays_over_all_positions(tmp_path: Path) -> None:
    """In source, no other variable takes its name."""
    made = space(
        """
        space S() on x: sequence(3, 4), y: vector(4) {
          out scan s from y over v in x {
            ((s + y) -> linear(4)) * ((v -> linear(4)) + (v -> linear(4) -> tanh) * (v -> linear(4)))
          }
        }
        """
    )
    source, model = generated(made), Model(made.elaborated)
    made_network = network(source, tmp_path)
    made_network.load_state_dict({source.names[key]: value for key, value in model.state_dict().items()})
    x, y = torch.sin(torch.arange(24.0)).view(2, 3, 4), torch.cos(torch.arange(8.0)).view(2, 4)
    assert torch.equal(made_network(x, y), model(x, y))


def test_values_are_chosen_in_a_body_of_its_own() -> None:
    made = space(
        """
        space S() on x: sequence(3, 4) {
          out scan s from x[0] over v in x { let d = choose { a: 2, b: 8 } out s + (v -> linear(d) -> linear(4)) }
        }
        """
    )
    (decision,) = made.graph.decisions
    assert (decision.name, decision.shape) == ("out.d", (2,))
    assert made.counts().params_range == (4 * 2 + 2 + 2 * 4 + 4, 4 * 8 + 8 + 8 * 4 + 4)


# ---------------------------------------------------------------- plans, source, pictures


def test_a_plan_holds_the_body_once() -> None:
    plan = space_of("recurrent language model").supernet().plan
    (scan,) = [step for step in plan.steps if isinstance(step, Scan)]
    names = [step.name for step in scan.body.every_step() if isinstance(step, RunOp)]
    assert all(name.startswith("states.scan.Cell.") for name in names)
    assert names.count("states.scan.Cell.project[8].linear") == 8


def test_source_has_a_plain_loop(tmp_path: Path) -> None:
    made = published(vocab=11, length=5, width=6)
    text = made.source()
    assert text.count("for word in sequence.unbind(dim=1):") == 1
    assert text.count("return torch.stack(states, dim=1)") == 1
    assert text.count("self.project_1 = nn.Linear(6, 12, bias=False)") == 1
    network(made.generate(), tmp_path)


def test_source_of_what_scans_may_hold(tmp_path: Path) -> None:
    """Two scans of one body share a class, with the number that differs as its argument."""
    made = space(
        """
        block Run(d: int) on x { out scan s from x -> zeros(d) over v in x { (s, v) -> linear(d) -> tanh } }
        space S() on x: sequence(3, 4) { out x -> Run(6) -> Run(5) }
        """
    )
    source = generated(made)
    assert source.text.count("class Scan") == 1
    assert "Scan(4)" in source.text and "Scan(6, d=5)" in source.text
    made_network = network(source, tmp_path)
    model = Model(made.elaborated)
    made_network.load_state_dict({source.names[key]: value for key, value in model.state_dict().items()})
    x = torch.sin(torch.arange(24.0)).view(2, 3, 4)
    assert torch.equal(made_network(x), model(x))


def test_the_flat_graph_holds_the_body_once() -> None:
    graph = language_model(vocab=11, length=4, width=6).graph.to_networkx()
    kinds = {data["kind"]: data for _, data in graph.nodes(data=True)}
    assert kinds["element"]["name"] == "states.scan.word" and kinds["element"]["shape"] == [6]
    assert kinds["carried"]["name"] == "states.scan.h" and kinds["carried"]["shape"] == [6]
    assert (kinds["scan"]["shape"], kinds["scan"]["length"]) == ([4, 6], 4)
    ops = [data for _, data in graph.nodes(data=True) if data["kind"] == "op"]
    assert len({data["name"] for data in ops if data["op"] == "linear"}) == 10


def test_a_picture_has_the_body_once() -> None:
    network, *cells = read_panels(space(FOLDED, "Folded").graph.space, ratings((), None, ()))[0]
    assert isinstance(network, Flow)
    assert [one.lines for one in network.items if one.lines[0].startswith("scan")] == [("scan", "4 positions")]
    assert "111 params, 90 macs, at each position" in network.items[-1].title
    # once for each size that `k` may choose, and not at each position
    assert [cell.name for cell in cells if isinstance(cell, Cell)] == ["C.k: one", "C.k: two"]


# ---------------------------------------------------------------- search


def test_a_language_model_is_searched() -> None:
    """Two pairs of steps: the loss of each is finite, and weights and architecture weights move."""
    made = language_model(vocab=11, length=4, width=6)
    supernet = made.supernet()
    bilevel = Bilevel(supernet, Recipe(epochs=1, batch=2, alpha_lr=0.1))
    before = {name: value.clone() for name, value in supernet.state_dict().items()}
    bilevel.begin_epoch(1)
    tokens = 7 * torch.arange(40).view(8, 5) % 11
    x, y = tokens[:, :-1], tokens[:, 1:]
    for step in range(2):
        torch.manual_seed(step)
        measured = [bilevel.alpha_step((x, y), f"step {step}"), bilevel.weight_step((x, y), f"step {step}")]
        assert all(np.isfinite(one.loss) and one.count == 32 for one in measured)
    assert all(not torch.equal(before[name], value) for name, value in supernet.state_dict().items())
    found = made.select(supernet.architecture_weights())
    assert found.counts().params == made.counts().params
    tried = [loss_of(network, x, y) for network in (supernet, found.model())]
    assert all(0 < loss < 100 for loss in tried) and tried[0] != tried[1]


def loss_of(network: nn.Module, x: Tensor, y: Tensor) -> float:
    with torch.no_grad():
        return float(F.cross_entropy(network.eval()(x).flatten(0, -2), y.flatten()))
