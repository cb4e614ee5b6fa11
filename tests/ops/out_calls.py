"""One call of every function that takes out=, as an expression of a library L.

f, g, h: floats (2, 3); p: floats above 1; u: floats in (0, 1); i, j: positive integers; b: booleans; c: complex
numbers; v, w: vectors; m: a positive definite matrix, n: another matrix, t: a lower triangle; k: indices (2, 3).
"""

FLOATS = """
    abs absolute acos angle arccos arcsin arcsinh arctan arctanh asin asinh atan atanh ceil conj_physical cos cosh
    deg2rad digamma erf erfc erfinv exp exp2 expm1 fix floor frac frexp hardshrink i0 isneginf isposinf lgamma log
    log10 log1p log2 logical_not logit nan_to_num neg negative rad2deg reciprocal round rsqrt sgn sigmoid sign
    signbit sin sinc sinh sqrt square tan tanh trunc nonzero nansum nanmean amax amin aminmax argmax argmin all any
    var std max min norm msort sort mean special.digamma special.entr special.erf special.erfc special.erfcx
    special.erfinv special.exp2 special.expit special.expm1 special.gammaln special.i0 special.i0e special.i1
    special.i1e special.log1p special.log_ndtr special.logit special.ndtr special.ndtri special.psi special.round
    special.sinc special.airy_ai special.bessel_j0 special.bessel_j1 special.bessel_y0 special.bessel_y1
    special.modified_bessel_i0 special.modified_bessel_i1 special.modified_bessel_k0 special.modified_bessel_k1
    special.scaled_modified_bessel_k0 special.scaled_modified_bessel_k1 special.spherical_bessel_j0
    nn.functional.gelu nn.functional.hardshrink nn.functional.logsigmoid nn.functional.softplus
    nn.functional.softshrink nn.functional.normalize alias_copy detach_copy squeeze_copy t_copy triu tril fft.fft
    fft.fft2 fft.fftn fft.rfft fft.rfft2 fft.rfftn fft.ihfft fft.ihfft2 fft.ihfftn linalg.norm linalg.vector_norm
    linalg.matrix_norm linalg.matrix_rank linalg.pinv linalg.svdvals
"""
PAIRS = """
    add sub subtract mul multiply div divide true_divide floor_divide remainder fmod atan2 arctan2 hypot logaddexp
    logaddexp2 xlogy pow float_power copysign nextafter heaviside maximum minimum fmax fmin max min clamp_min
    clamp_max eq ne not_equal lt less le less_equal gt greater ge greater_equal logical_and logical_or logical_xor
    complex polar igamma igammac special.gammainc special.gammaincc special.xlogy special.xlog1py special.zeta inner
    isin
"""
INTEGERS = """
    add mul sub bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift gcd lcm floor_divide
    remainder fmod maximum
"""
MATRICES = """
    cholesky inverse linalg.cholesky linalg.cholesky_ex linalg.cond linalg.det linalg.eigh linalg.eigvalsh
    linalg.eigvals linalg.inv linalg.inv_ex linalg.ldl_factor linalg.ldl_factor_ex linalg.lu linalg.lu_factor
    linalg.lu_factor_ex linalg.qr qr geqrf linalg.slogdet slogdet linalg.svd svd cholesky_inverse
"""
REST = """
    acosh(p) arccosh(p) bitwise_not(i) add(f,g,alpha=2) addcmul(f,g,h) addcdiv(f,g,h) lerp(f,g,0.3) lerp(f,g,h)
    div(f,g,rounding_mode='floor') div(i,j) clamp(f,0.2,0.5) clip(f,f,g) abs(c) abs(i) abs(b.int()) neg(i) floor(i)
    angle(c) sgn(c) sum(f,1) sum(i,1) sum(c,1) sum(b,(0,1)) prod(f,1) prod(i,1) mean(f,1) mean(c,1) nansum(f,1)
    nansum(i,1) nanmean(f,1) cumsum(f,1) cumsum(i,1) cumprod(f,1) cumprod(i,1) logcumsumexp(f,1) cummax(f,1)
    cummin(i,1) logsumexp(f,1) logsumexp(i,1) special.logsumexp(f,1) max(f,1) min(i,1) aminmax(f,dim=1) median(f,1)
    nanmedian(f,1) mode(f,1) kthvalue(f,2,1) topk(f,2) sort(i,0) argsort(f,stable=True) argmax(f,1) argmin(i,0)
    amax(i,1) all(b,1) any(i,1) all(i.byte(),1) quantile(f,0.5) nanquantile(f,0.5,1) diff(f) diff(b)
    renorm(f,2,0,0.5) ldexp(f,i) histogram(f,3) histc(f,3) polygamma(1,p) special.polygamma(1,p) mvlgamma(p,1)
    special.multigammaln(p,1) softmax(f,1) log_softmax(f,1) threshold(f,0.3,0.1) norm(f,1) norm(f,'nuc')
    frobenius_norm(f,1) nuclear_norm(f)
    norm(f,'fro') nn.functional.linear(f,g) nn.functional.linear(f,g,v[:2]) nn.functional.avg_pool2d(f[None],2,1)
    nn.functional.avg_pool3d(f[None,None],(1,2,2),1) matmul(f,n) mm(f,n) bmm(f[None],n[None]) mv(f,v) dot(v,w)
    vdot(v,w) outer(v,w) ger(v,w) addmm(f[:,:2]*0+1,f,n[:,:2]) addmv(v[:2],f,v) addr(n,v,w)
    addbmm(f,f[None],n[None]) baddbmm(f[None],f[None],n[None]) chain_matmul(f,n) linalg.multi_dot([f,n])
    linalg.matmul(f,n) kron(f,g) cross(v,w) linalg.cross(v,w) tensordot(f,g,dims=2) linalg.vecdot(f,g)
    matrix_power(m,2) linalg.matrix_power(m,2) linalg.solve(m,n) linalg.solve_ex(m,n)
    linalg.solve_triangular(t,n,upper=False) cholesky_solve(n,t) linalg.tensorinv(m,ind=1) linalg.tensorsolve(m,v)
    linalg.householder_product(n,v) orgqr(n,v) ormqr(n,v,m) lu_unpack(*L.linalg.lu_factor(m))
    lu_solve(n,*L.linalg.lu_factor(m)) linalg.lu_solve(*L.linalg.lu_factor(m),n)
    linalg.ldl_solve(*L.linalg.ldl_factor(m),n) triangular_solve(n,t,upper=False) linalg.lstsq(m,n) lu(m)
    linalg.eig(m) nn.functional.tanh(f) clamp_min(f,0.2) clamp(f,None,g) clip(f,max=0.5) matrix_power(m,3)
    special.softmax(f,1) special.log_softmax(f,1) nn.functional.sigmoid(f)
    fft.ifft(c) fft.ifft(f) fft.ifft2(c) fft.ifftn(c) fft.irfft(c) fft.irfft2(c) fft.irfftn(c)
    fft.hfft(c) fft.hfft2(c) fft.hfftn(c) cat([f,g]) concat([f,g],1) concatenate([f,g]) stack([f,g]) hstack([f,g])
    vstack([f,g]) row_stack([f,g]) dstack([f,g]) column_stack([f,g]) diag(v) gather(f,1,k) take_along_dim(f,k,1)
    take(f,k) index_select(f,1,k[0]) masked_select(f,b) index_add(f,1,k[0],g) index_copy(f,1,k[0],g)
    index_reduce(f,1,k[0],g,'amax') scatter(f,1,k,g) scatter_add(f,1,k,g) scatter_reduce(f,1,k,g,'amax')
    slice_scatter(f,g[:,:1],1,0,1) where(b,f,g) searchsorted(L.sort(f)[0],g) bucketize(f,L.sort(v)[0]) isin(f,g)
    round(f,decimals=1) special.round(f,decimals=1) as_strided_copy(f,(2,2),(1,2)) diagonal_copy(f)
    expand_copy(f,(2,2,3)) narrow_copy(f,1,0,2) permute_copy(f,(1,0)) select_copy(f,0,1) slice_copy(f,1,0,2)
    transpose_copy(f,0,1) unbind_copy(f) split_copy(f,1) split_with_sizes_copy(f,[1,1]) unfold_copy(f,1,2,1)
    unsqueeze_copy(f,0) view_copy(f,(6,)) view_as_real_copy(c) view_as_complex_copy(f[:,:2].contiguous()) nonzero(b)
    nonzero_static(b,size=3) fmin(i,j) complex(f,g) heaviside(f,g)
"""
POLYNOMIALS = [
    *[f"special.{shifted}chebyshev_polynomial_{kind}" for shifted in ("", "shifted_") for kind in "tuvw"],
    *[f"special.{name}" for name in ("hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l")],
    "special.legendre_polynomial_p",
]
CALLS = [
    *[f"{name}(f)" for name in FLOATS.split()],
    *[f"{name}(f,g)" for name in PAIRS.split()],
    *[f"{name}(i,j)" for name in INTEGERS.split()],
    *[f"{name}(m)" for name in MATRICES.split()],
    *[f"{name}(f,3)" for name in POLYNOMIALS],
    *REST.split(),
]
# they make new tensors, in the dtype of out where none is given; what is drawn differs
MAKERS = """
    arange(1,7,2) linspace(0,1,5) logspace(0,2,3) range(1,4) eye(2,3) full((2,2),3.0) ones(2,3) zeros(4) empty(3)
    fft.fftfreq(5) fft.rfftfreq(5)
""".split()  # noqa: SIM905  one name a word is easier to keep than a list
DRAWS = """
    rand(3) randn(3) randint(0,9,(4,)) randperm(5) normal(f,g) bernoulli(u) multinomial(u,2)
""".split()  # noqa: SIM905
