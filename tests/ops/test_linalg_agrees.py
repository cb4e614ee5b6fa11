"""Linear algebra answers or refuses as PyTorch's does, in its functions, methods and `out=` forms.

The names in the calls: `lib` either library, `L` its linalg, and the small tensors of `tensors_of`.
"""

import warnings

import numpy as np
import pytest

import gputensor as gt
from tests.ops.agreement import cases

torch_only = pytest.mark.torch

CALLS = cases("""
lib.einsum('ij,jk',m,n)
lib.einsum('ii',m)
lib.einsum('ii->i',m)
lib.einsum('...ij,...jk->...ik',b,bb)
lib.einsum('bij,bjk->bik',b,b)
lib.einsum('ij->ji',m)
lib.einsum('i,j',v,u)
lib.einsum('i,i->',v,w)
lib.einsum('ij,ij->i',m,m)
lib.einsum(m,[0,1],n,[1,2],[0,2])
lib.einsum(m,[0,1],n,[1,2])
lib.einsum(b,[...,0,1],m,[1,2],[...,0,2])
lib.einsum('ij,jk,kl->il',m,n,t)
lib.einsum('ijk,k',r,u)
lib.einsum('...',m)
lib.einsum('...ii->...i',b)
lib.einsum('iij->ij',b.mT)
lib.einsum('ij,kj->',m,m)
lib.einsum('i j , j k -> i k',m,n)
lib.einsum('ij,jk->ik',m)
lib.einsum('ij,jk->ikz',m,n)
lib.einsum('ij,jk->iik',m,n)
lib.einsum('ij',v)
lib.einsum('ij,jk',m,u)
lib.einsum('',s)
lib.einsum('->',s)
lib.einsum(',ij',s,m)
lib.einsum('ij,ij->ij',i,i)
lib.einsum('ij,jk',h,h)
lib.einsum('ij,jk',c,c)
lib.einsum('ij,jk',e03,n)
lib.einsum('ij,jk',e30,e03)
lib.einsum('...i,...i->...',b,v)
lib.einsum('i...->...i',r)
lib.einsum('Ab,bA->A',m,m)
lib.einsum('ij,jk',[m,n])
lib.einsum('i.j',m)
lib.einsum('ij->ij->ij',m)
lib.einsum('i$',m)
lib.einsum('a...b->b...a',r)
lib.tensordot(m,n,([1],[0]))
lib.tensordot(m,n,dims=([0],[0]))
lib.tensordot(r,r,dims=3)
lib.tensordot(r,r,dims=([0,1,2],[0,1,2]))
lib.tensordot(m,n,0)
lib.tensordot(m,n,-1)
lib.tensordot(m,n,([0,1],[0]))
lib.tensordot(m,u,1)
lib.tensordot(i,i,2)
lib.addmm(i,i,i,beta=2.5)
lib.addmm(m,m,m,beta=2.5,alpha=lib.tensor(2.))
lib.addmm(v,m,m,beta=0)
lib.baddbmm(m,b,b)
lib.baddbmm(b,b,b,beta=0.5,alpha=2)
lib.addbmm(v,b,b)
lib.addmv(s,m,v)
lib.addr(m,v,v,beta=0)
lib.addr(i>2,i[0]>1,i[1]>1,beta=False,alpha=True)
lib.addr(i,i[0],i[0],alpha=2)
lib.addr(m,i[0],i[0])
lib.dot(v,m)
lib.dot(v,u)
lib.vdot(c[0],c[1])
lib.outer(i[0],v)
lib.kron(s,m)
lib.kron(i,m)
lib.cross(m,m,0)
lib.cross(m,v)
lib.cross(n,n)
lib.cross(t,t)
lib.cross(r,r)
L.cross(t,t)
L.cross(n,n,dim=0)
L.diagonal(b)
L.diagonal(b,offset=1,dim1=0,dim2=2)
L.matrix_rank(m,atol=1.)
L.matrix_rank(m,rtol=0.5)
L.matrix_rank(m,0.3)
L.matrix_rank(p,hermitian=True)
L.matrix_rank(b,atol=s.abs())
L.matrix_rank(b,rtol=bv[:,0].abs())
L.matrix_rank(sing)
L.pinv(m,0.3)
L.pinv(m,rtol=0.3)
L.pinv(m,atol=1.)
L.pinv(m,hermitian=True)
L.pinv(b,atol=bv[:,0].abs())
L.pinv(n,hermitian=True)
L.pinv(sing)
L.pinv(zb)
L.lstsq(t,t)[0]
L.lstsq(t,t,driver='gelsd')
L.lstsq(t,t,driver='gels')
L.lstsq(t,t,driver='gelss')
L.lstsq(t,t,0.5,driver='gelsd')
L.lstsq(sing,m,driver='gelsd')
L.lstsq(sing,m,driver='gelsy')[0]
L.lstsq(n,m,driver='gelss')
L.lstsq(n,v,driver='gelsd')
L.lstsq(t,u,driver='gelsd')
L.lstsq(bt,bt[...,0],driver='gelsd')
L.lstsq(bt,bt[...,0],driver='gels')
L.lstsq(bt,t)
L.eigh(p,UPLO='U')[0]
L.eigh(p,UPLO='u')[0]
L.eigh(p,UPLO='X')
L.eigvalsh(m,'U')
L.svd(m,driver='gesvd')
L.svdvals(m,driver='gesvd')
L.qr(m,'foo')
L.qr(m,mode='r')[1]
L.inv(sing)
L.inv(zb)
L.solve(sing,v)
L.cholesky(-p)
L.cholesky(zb)
L.cholesky_ex(zb)[1]
L.cholesky_ex(p,upper=True)
L.cholesky_ex(-p,check_errors=True)
L.inv_ex(zb)[1]
L.inv_ex(zb,check_errors=True)
L.solve_ex(zb,bv)[1]
L.solve_ex(zb,bv,check_errors=True)
L.lu_factor(zb)
L.lu_factor_ex(zb)
L.lu(zb)
L.det(zb)
L.slogdet(zb)
lib.logdet(zb)
lib.logdet(-m@m.mT)
lib.lu_unpack(*L.lu_factor(n))
lib.lu_unpack(*L.lu_factor(n),unpack_data=False)
lib.lu_unpack(*L.lu_factor(n),unpack_pivots=False)
lib.lu_unpack(m,v)
lib.lu_unpack(m,L.lu_factor(m)[1].long())
lib.cholesky_solve(n,m,upper=True)
lib.cholesky_inverse(m,True)
lib.triangular_solve(n,m,False,True,True)
lib.ormqr(*lib.geqrf(m),n,False)
lib.ormqr(*lib.geqrf(m),t,False,True)
lib.orgqr(m,v)
L.multi_dot([v,m,v])
L.multi_dot([v,m])
L.multi_dot([m])
L.multi_dot([b,m])
L.multi_dot([m,v,m])
L.multi_dot((m,n,t))
L.matrix_power(m,-2)
L.matrix_power(sing,-1)
L.matrix_power(m,2.5)
L.tensorinv(r)
L.tensorsolve(p.reshape(3,1,3),v.reshape(3,1))
L.tensorsolve(r,m)
L.vecdot(r,r,dim=1)
L.vecdot(m,v,dim=2)
L.vander(i,N=3)
L.vander(c,N=1)
L.vector_norm(m,dim=(0,1))
L.vector_norm(m,dim=(0,0))
L.vector_norm(m,dim=3)
L.vector_norm(m,dtype=lib.float32)
L.vector_norm(f,dtype=lib.float64)
L.matrix_norm(f,dtype=lib.float64)
L.matrix_norm(m,dim=(0,0))
L.matrix_norm(m,dim=(0,))
L.matrix_norm(m,dim=0)
L.norm(m,dim=0)
L.norm(r,2,dim=(0,1,2))
L.norm(r,dim=(0,1,2))
L.norm(r,2)
L.norm(m,'fro',dim=0)
lib.norm(r,'nuc')
lib.norm(r,'nuc',dim=(0,2))
lib.norm(m,'nuc',dim=0)
lib.norm(r,'fro',dim=(0,1,2))
lib.pca_lowrank(n,9)
lib.svd_lowrank(v)
lib.matrix_exp(n)
lib.matrix_exp(v)
lib.matrix_exp(m*20)
lib.matrix_exp(nan)
lib.matrix_exp(c)
L.householder_product(n,v)
L.householder_product(t,v)
L.householder_product(t,u)
L.householder_product(t,v[:2])
L.solve_triangular(zb,bt.mT,upper=True)
L.ldl_factor(p)
L.ldl_factor(zb)
L.ldl_factor_ex(c,hermitian=True)
L.ldl_factor_ex(p,hermitian=True)
L.solve(m,v,left=False)
L.solve(b,bv,left=False)
L.solve(m,b)
L.solve(bb,b)
L.solve(b,v)
""")

KEYWORDS = cases("""
L.cholesky(input=p)
L.cholesky(A=p)
L.norm(input=m,ord=1,dim=(0,1),keepdim=True)
L.vector_norm(x=m,ord=1)
L.matrix_norm(input=m,ord=1)
L.cond(input=m,p=1)
L.lstsq(input=t,b=t,rcond=None,driver='gelsd')
L.tensorsolve(input=p.reshape(3,1,3),other=v.reshape(3,1),dims=None)
L.tensorinv(input=m,ind=1)
L.solve(A=m,B=v,left=True)
L.solve(input=m,B=v)
L.solve_triangular(input=m,B=n,upper=True)
L.pinv(input=m,rtol=0.1,hermitian=False)
L.matrix_rank(input=m,atol=0.1)
L.eigh(input=p,UPLO='U')[0]
L.det(A=m)
L.qr(A=m,mode='r')[1]
L.svd(A=m,full_matrices=False)[1]
L.lu_solve(LU=L.lu_factor(A=m)[0],pivots=L.lu_factor(m)[1],B=n,left=True,adjoint=False)
L.ldl_factor(input=p,hermitian=False)
L.householder_product(input=m,tau=v)
L.vecdot(x=v,y=w,dim=0)
L.vander(x=v,N=3)
L.multi_dot(tensors=[m,n])
lib.det(input=m)
lib.slogdet(input=m)
lib.cholesky_solve(input=n,input2=m,upper=False)
lib.cholesky_inverse(input=m,upper=True)
lib.ormqr(input=t,input2=v,input3=t,left=True,transpose=False)
lib.orgqr(input=m,input2=v)
lib.triangular_solve(input=n,A=m,upper=False)
lib.lu(A=m,pivot=True)
lib.lu_unpack(LU_data=m,LU_pivots=L.lu_factor(m)[1],unpack_data=True,unpack_pivots=True)
lib.matrix_power(input=m,n=2)
lib.svd(input=m,some=True,compute_uv=False)[1]
lib.addmm(input=m,mat1=m,mat2=m,beta=2,alpha=3)
lib.tensordot(a=m,b=n,dims=1)
""")

METHODS = cases("""
det()
logdet()
slogdet()
inverse()
pinverse()
lu()
qr()
geqrf()
matrix_power(2)
svd(compute_uv=False)[1]
norm('nuc')
norm()
trace()
tril()
triu()
diag()
diagonal()
orgqr(v)
ormqr(v,n)
cholesky_solve(m)
triangular_solve(m)
addr(v,v)
""")

OUT = cases("""
matmul(m,m)
mm(m,m)
bmm(b,b)
mv(m,v)
dot(v,w)
vdot(v,w)
inner(m,v)
outer(v,u)
ger(v,u)
addmm(m,m,m)
addmv(v,m,v)
addbmm(m,b,b)
baddbmm(b,b,b)
addr(m,v,v)
chain_matmul(m,n)
kron(v,u)
cross(m,m)
tensordot(m,n,1)
inverse(m)
cholesky(p)
cholesky_solve(n,m)
cholesky_inverse(m)
matrix_power(m,2)
tril(m)
triu(m)
diag(v)
diag(m)
lu_solve(n,*L.lu_factor(m))
ormqr(*lib.geqrf(m),n)
linalg.cholesky(p)
linalg.cond(m)
linalg.cross(m,m)
linalg.det(m)
linalg.eigvals(m)
linalg.eigvalsh(p)
linalg.householder_product(m,v)
linalg.inv(m)
linalg.ldl_solve(*L.ldl_factor(p),n)
linalg.lu_solve(*L.lu_factor(m),n)
linalg.matmul(m,m)
linalg.matrix_norm(m)
linalg.matrix_power(m,2)
linalg.matrix_rank(m)
linalg.multi_dot([m,m])
linalg.norm(m)
linalg.pinv(m)
linalg.solve(m,v)
linalg.solve_triangular(m,n,upper=True)
linalg.svdvals(m)
linalg.tensorinv(m,ind=1)
linalg.tensorsolve(m,v)
linalg.vecdot(v,w)
linalg.vector_norm(v)
""")

OUTS = cases("""
slogdet(m)
linalg.slogdet(m)
qr(m)
linalg.qr(m)
geqrf(m)
linalg.eigh(p)
linalg.eig(m)
linalg.inv_ex(m)
linalg.solve_ex(m,v)
linalg.cholesky_ex(p)
linalg.ldl_factor(p)
linalg.lu_factor(m)
triangular_solve(n,m)
svd(m)
linalg.svd(m)
linalg.lu(m)
linalg.lu_factor_ex(m)
lu_unpack(*lib.linalg.lu_factor(m))
linalg.ldl_factor_ex(p)
""")

SHAPES = {
    "v": (3,), "w": (3,), "u": (4,), "m": (3, 3), "n": (3, 4), "t": (4, 3), "b": (2, 3, 3), "bb": (5, 1, 3, 3),
    "bv": (2, 3), "bt": (2, 4, 3), "e00": (0, 0), "e03": (0, 3), "e30": (3, 0), "eb": (0, 3, 3), "s": (),
    "r": (2, 3, 4),
}  # fmt: skip


def tensors_of(lib):
    """Small float64 tensors, the same for both libraries, some of them with something special."""
    rng = np.random.default_rng(0)

    def tensor(a):
        return lib.tensor(a.tolist(), dtype=lib.complex128 if a.dtype.kind == "c" else lib.float64).reshape(a.shape)

    names = {name: tensor(np.asarray(rng.standard_normal(shape))) for name, shape in SHAPES.items()}
    names["c"] = tensor(rng.standard_normal((3, 3)) + 1j * rng.standard_normal((3, 3)))
    names["i"] = lib.tensor(rng.integers(0, 5, (3, 3)).tolist())
    m, b = names["m"], names["b"]
    eye = lib.eye(3, dtype=lib.float64)
    names |= {
        "p": m @ m.mT + eye,
        "f": m.float(),
        "h": m.half(),
        "z": m * 0,
        "sing": m * 0 + 1,
        "nan": m * float("nan"),
    }
    names["zb"] = b * lib.tensor([1.0, 0.0], dtype=lib.float64).reshape(2, 1, 1)  # its second matrix is singular
    return names | {"lib": lib, "L": lib.linalg}


def answer(code, lib):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return flat(eval(code, tensors_of(lib))), None
    except Exception as error:
        return None, error


def flat(out):
    return [t for o in out for t in flat(o)] if isinstance(out, (tuple, list)) else [out]


def agrees(code):
    torch = pytest.importorskip("torch")
    (theirs, their_error), (ours, our_error) = answer(code, torch), answer(code, gt)
    if their_error is not None:
        assert isinstance(our_error, (RuntimeError, ValueError, TypeError, IndexError)), (
            f"PyTorch raises {their_error!r}"
        )
        assert ":" in str(our_error) or "argument" in str(our_error)
        return
    if our_error is not None:
        raise our_error
    for a, b in zip(ours, theirs, strict=True):
        if not isinstance(b, torch.Tensor):
            assert a == b
            continue
        assert (tuple(a.shape), a.dtype.name) == (tuple(b.shape), str(b.dtype).removeprefix("torch."))
        wide = "complex128" if b.is_complex() else "float64"
        low = {torch.float16: 1e-2, torch.float32: 1e-5}.get(b.dtype, 1e-9)
        p, q = a.detach().numpy().astype(wide), b.detach().resolve_conj().numpy().astype(wide)
        np.testing.assert_allclose(p, q, rtol=low, atol=low)


@torch_only
@pytest.mark.parametrize("code", [*CALLS, *KEYWORDS])
def test_calls_answer_or_refuse_as_in_pytorch(code):
    agrees(code)


@torch_only
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("x", ["m", "v", "i", "h", "b"])
def test_methods_answer_or_refuse_as_in_pytorch(x, method):
    agrees(f"{x}.{method}")


@torch_only
@pytest.mark.parametrize("call", OUT)
def test_results_go_into_out_as_in_pytorch(call):
    sorted_ = ".abs().sum()" if "eigvals(" in call else ""  # in no order
    agrees(f"lib.{call[:-1]}, out=lib.{call}.new_empty(0)){sorted_}")
    agrees(f"lib.{call[:-1]}, out=m.bool())")


@torch_only
@pytest.mark.parametrize("call", OUTS)
def test_several_results_go_into_out_as_in_pytorch(call):
    code = f"lib.{call[:-1]}, out=tuple(r.new_empty(0) for r in lib.{call}))"
    agrees(f"[r.abs().sum() for r in {code}]")
    agrees(f"lib.{call[:-1]}, out=m)")


@pytest.mark.parametrize("call", OUT)
def test_out_is_what_comes_back_with_the_result_inside(call):
    names = tensors_of(gt)
    wanted = eval(f"lib.{call}", names)
    out = wanted.new_zeros(wanted.shape)
    assert eval(f"lib.{call[:-1]}, out=out)", names | {"out": out}) is out
    np.testing.assert_array_equal(out.numpy(), wanted.numpy())


@pytest.mark.parametrize("call", OUTS)
def test_several_outs_come_back_in_the_named_tuple(call):
    names = tensors_of(gt)
    wanted = eval(f"lib.{call}", names)
    outs = tuple([r.new_zeros(r.shape) for r in wanted])
    got = eval(f"lib.{call[:-1]}, out=outs)", names | {"outs": outs})
    assert type(got) is type(wanted)
    assert all(a is b for a, b in zip(got, outs, strict=True))
    for a, b in zip(got, wanted, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


@torch_only
@pytest.mark.parametrize("call", [*OUTS, "linalg.lstsq(m,n)"])
def test_named_tuples_have_pytorchs_names(call):
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours, theirs = eval(f"lib.{call}", tensors_of(gt)), eval(f"lib.{call}", tensors_of(torch))
    assert type(ours).__name__ == type(theirs).__name__
    for field, value in zip(ours._fields, theirs, strict=True):
        assert getattr(theirs, field) is value
    assert repr(ours).startswith(f"gputensor.return_types.{type(theirs).__name__}(\n{ours._fields[0]}=")
