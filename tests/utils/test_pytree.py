"""Trees of containers: leaves, structures, maps."""

from collections import OrderedDict, defaultdict, deque, namedtuple

import pytest

from gputensor.utils import _pytree as pytree

Pair = namedtuple("Pair", "a b")
TREES = [
    3,
    None,
    (),
    [1, (2, 3)],
    {"b": 1, "a": [2, {"c": 3}]},
    OrderedDict([("z", 1), ("y", 2)]),
    Pair(1, [2]),
    deque([1, 2], maxlen=4),
    defaultdict(list, {"k": 5}),
]


@pytest.mark.parametrize("tree", TREES, ids=repr)
def test_a_tree_is_put_together_again(tree):
    leaves, spec = pytree.tree_flatten(tree)
    again = pytree.tree_unflatten(leaves, spec)
    assert again == tree
    assert type(again) is type(tree)
    assert spec == pytree.tree_structure(tree)
    assert spec.num_leaves == len(leaves)
    assert spec.unflatten(leaves) == tree


def test_leaves_keep_the_order_of_insertion():
    assert pytree.tree_leaves({"b": 1, "a": 2}) == [1, 2]
    assert list(pytree.tree_iter([1, (2, None)])) == [1, 2, None]


def test_maps_over_several_trees():
    assert pytree.tree_map(lambda x, y: (x, y), [1, {"a": 2}], [3, {"a": 4}]) == [(1, 3), {"a": (2, 4)}]
    assert pytree.tree_map(lambda x, y: x * len(y), {"a": 1, "b": 2}, {"b": [1], "a": [1, 2]}) == {"a": 2, "b": 2}
    with pytest.raises(ValueError, match="expected"):
        pytree.tree_map(lambda x, y: x, [1, 2], [1])
    with pytest.raises(ValueError, match="expected a list"):
        pytree.tree_map(lambda x, y: x, [1, 2], (1, 2))


def test_chosen_leaves_only():
    assert pytree.tree_map_only(int, lambda x: x + 1, [1, "a", (2.0, 3)]) == [2, "a", (2.0, 4)]
    assert pytree.tree_map_only((int, str), str, [1, "a", 2.0]) == ["1", "a", 2.0]
    assert pytree.tree_map_only(lambda x: x == 1, lambda x: 9, [1, 2]) == [9, 2]
    assert pytree.tree_all(lambda x: x > 0, [1, (2,)])
    assert not pytree.tree_any(lambda x: x > 2, [1, (2,)])
    assert pytree.tree_all_only(int, lambda x: x > 0, [1, "a"])
    assert not pytree.tree_any_only(str, lambda x: x == "b", [1, "a"])


def test_is_leaf_leaves_containers_whole():
    assert pytree.tree_leaves([(1, 2), [3]], is_leaf=lambda x: isinstance(x, tuple)) == [(1, 2), 3]


def test_wrong_numbers_of_leaves_are_refused():
    _, spec = pytree.tree_flatten([1, 2])
    with pytest.raises(ValueError, match="2 leaves"):
        pytree.tree_unflatten([1], spec)
    with pytest.raises(TypeError, match="TreeSpec"):
        pytree.tree_unflatten([1], None)


def test_specs_differ_where_trees_do():
    assert pytree.tree_structure([1, 2]) != pytree.tree_structure((1, 2))
    assert pytree.tree_structure({"a": 1}) != pytree.tree_structure({"b": 1})
    assert pytree.tree_structure(1).is_leaf()
    assert repr(pytree.tree_structure((1,))) == "TreeSpec(tuple, None, [*])"


def test_a_leaf_may_stand_for_all_below_it():
    spec = pytree.tree_structure(({"a": 1, "b": 2}, 3))
    assert pytree.broadcast_to_and_flatten((0, None), spec) == [0, 0, None]
    assert pytree.broadcast_to_and_flatten(({"a": 1, "b": None}, 0), spec) == [1, None, 0]
    assert pytree.broadcast_to_and_flatten([0, 0], spec) is None
    assert pytree.broadcast_to_and_flatten((0,), spec) is None


def test_in_place_maps_and_calls():
    seen = []
    tree = [1, (2,)]
    assert pytree.tree_map_(seen.append, tree) is tree
    assert seen == [1, 2]


def test_a_registered_class_twice_is_refused():
    with pytest.raises(ValueError, match="registered already"):
        pytree.register_pytree_node(tuple, None, None)
