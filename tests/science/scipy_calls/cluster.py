"""scipy.cluster: linkages are made in compiled code; whitening and distances in the Tensor's namespace."""

import numpy as np

from tests.science.scipy_calls.call import Call
from tests.science.scipy_calls.data import POINTS


def distances():
    return np.array([np.linalg.norm(POINTS[i] - POINTS[j]) for i in range(12) for j in range(i + 1, 12)])


def tree(method="average"):
    from scipy.cluster import hierarchy

    return np.array(hierarchy.linkage(POINTS, method))


def raised(a):
    """The tree with heights alone that a gradient is asked of."""
    made = tree()
    return a.xp.concat([a.fixed(made[:, :2]), a(made[:, 2:3]), a.fixed(made[:, 3:])], axis=1)


def inconsistency():
    from scipy.cluster import hierarchy

    return np.array(hierarchy.inconsistent(tree()))


def flat():
    from scipy.cluster import hierarchy

    return np.array(hierarchy.fcluster(tree(), 2, "maxclust"))


def matlab():
    return np.array([[1.0, 2.0, 0.5], [3.0, 4.0, 0.75], [5.0, 6.0, 2.0]])


def walked(node):
    """The node of a tree, and those below it, as numbers."""
    return [node.id, node.dist, node.count, *([] if node.is_leaf() else [walked(node.left), walked(node.right)])]


ANSWER = "yes or no"

CALLS = (
    Call("cluster.hierarchy.average", lambda f, a: f(a(distances()))),
    Call("cluster.hierarchy.centroid", lambda f, a: f(a(distances()))),
    Call("cluster.hierarchy.complete", lambda f, a: f(a(distances()))),
    Call("cluster.hierarchy.cophenet", lambda f, a: f(a(tree()), a(distances()))),
    Call("cluster.hierarchy.correspond", lambda f, a: f(a(tree()), a(distances())), note=ANSWER),
    Call(
        "cluster.hierarchy.dendrogram",
        lambda f, a: f(a(tree()), no_plot=True),
        smooth=lambda f, a: f(raised(a), no_plot=True),
    ),
    Call("cluster.hierarchy.fcluster", lambda f, a: f(a(tree()), 1.0, depth=3)),
    Call("cluster.hierarchy.fclusterdata", lambda f, a: f(a(POINTS), 1.0)),
    Call("cluster.hierarchy.from_mlab_linkage", lambda f, a: f(a(matlab()))),
    Call("cluster.hierarchy.inconsistent", lambda f, a: f(a(tree()), 3)),
    Call("cluster.hierarchy.is_isomorphic", lambda f, a: f(a(flat()), a(3 - flat()))),
    Call("cluster.hierarchy.is_monotonic", lambda f, a: f(a(tree()))),
    Call("cluster.hierarchy.is_valid_im", lambda f, a: f(a(inconsistency())), note=ANSWER),
    Call("cluster.hierarchy.is_valid_linkage", lambda f, a: f(a(tree())), note=ANSWER),
    Call("cluster.hierarchy.leaders", lambda f, a: f(a(tree()), a(flat()))),
    Call("cluster.hierarchy.leaves_list", lambda f, a: f(a(tree()))),
    Call("cluster.hierarchy.linkage", lambda f, a: f(a(POINTS), "ward", optimal_ordering=True)),
    Call("cluster.hierarchy.maxRstat", lambda f, a: f(a(tree()), a(inconsistency()), 1)),
    Call("cluster.hierarchy.maxdists", lambda f, a: f(a(tree()))),
    Call("cluster.hierarchy.maxinconsts", lambda f, a: f(a(tree()), a(inconsistency()))),
    Call("cluster.hierarchy.median", lambda f, a: f(a(distances()))),
    Call("cluster.hierarchy.num_obs_linkage", lambda f, a: f(a(tree())), note="a count"),
    Call("cluster.hierarchy.optimal_leaf_ordering", lambda f, a: f(a(tree()), a(distances()))),
    Call("cluster.hierarchy.single", lambda f, a: f(a(distances()))),
    Call("cluster.hierarchy.to_mlab_linkage", lambda f, a: f(a(tree())), smooth=lambda f, a: f(raised(a))),
    Call(
        "cluster.hierarchy.to_tree",
        lambda f, a: walked(f(a(tree()))),
        smooth=lambda f, a: walked(f(raised(a))),
    ),
    Call("cluster.hierarchy.ward", lambda f, a: f(a(distances()))),
    Call("cluster.hierarchy.weighted", lambda f, a: f(a(distances()))),
    Call("cluster.vq.kmeans", lambda f, a: f(a(POINTS), a(POINTS[[0, 11]]))),
    Call("cluster.vq.kmeans2", lambda f, a: f(a(POINTS), 2, minit="++", rng=3)),
    Call("cluster.vq.vq", lambda f, a: f(a(POINTS), a(POINTS[[0, 11]]))),
    Call("cluster.vq.whiten", lambda f, a: f(a(POINTS))),
)
