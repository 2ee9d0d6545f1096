# Reference numbers for exact and rank methods, from R. Run by hand, under a minute:
#   R_LIBS=<folder with the packages of CRAN> Rscript validation/exact_rank.R > validation/exact_rank.json
# Debian archive: exactRankTests, coin, jsonlite. CRAN sources: exact2x2, exactci, ssanv, Exact, rootSolve, brunnermunzel, SuppDists, binom.
# Every case keeps the call, its input and what R returned; `by` names the program that gave the number.
suppressMessages({library(exactRankTests); library(coin); library(exact2x2); library(exactci); library(Exact); library(brunnermunzel)
                  library(SuppDists); library(binom); library(jsonlite)})
run <- function(.by, .call, ...) {
  input <- list(...)
  output <- suppressWarnings(suppressMessages(eval(.call, input, globalenv())))
  list(by = .by, call = paste(deparse(.call, width.cutoff = 500), collapse = " "), input = input, output = as.list(unname(output)))
}
over <- function(rows, f) lapply(rows, function(row) do.call(f, as.list(row)))

# Data: Student's sleep (one zero, one tie), Hollander and Wolfe's tables 3.1 and 4.1 as on R's help page of wilcox.test, and invented scores.
sleep_difference <- with(sleep, round(extra[group == 2] - extra[group == 1], 1))
depression <- c(0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01)
at_term <- c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46); earlier <- c(1.15, 0.88, 0.90, 0.74, 1.21)
scores_first <- c(4, 6, 6, 8, 8, 8, 10, 12, 12, 16); scores_second <- c(8, 10, 12, 12, 12, 14, 16, 18, 18, 20)
heavy_first <- c(0, 0, 0, 0, 2, 2, 4); heavy_second <- c(0, 0, 2, 4, 4, 4, 8, 8)
with_zeros <- c(-4, 0, 2, -6, -6, 0, -8, 2, -4, -10); tied_falls <- c(-2, -2, -2, -2, -5, -5, 1, 0)

# Both tails at the same distance from the expectation, as in coin; ties share their mean rank.
signed_by_coin <- function(d, zero) {
  half <- factor(rep(c("a", "b"), each = length(d)), levels = c("a", "b")); id <- factor(rep(seq_along(d), 2))
  as.numeric(pvalue(wilcoxsign_test(c(d, rep(0, length(d))) ~ half | id, distribution = "exact", zero.method = zero)))
}
rank_sum_by_coin <- function(x, y)
  as.numeric(pvalue(wilcox_test(c(x, y) ~ factor(rep(c("a", "b"), c(length(x), length(y)))), distribution = "exact")))
limits <- function(test) c(test$conf.int[1], unname(test$estimate), test$conf.int[2])

# fisher.test finds its limits to about 1e-5 only; the same equations solved to the last digit.
chances <- function(psi, a, n, b, m) { k <- max(0, a + b - m):min(n, a + b); w <- choose(n, k) * choose(m, a + b - k) * psi^k; data.frame(k = k, p = w / sum(w)) }
root <- function(f) exp(uniroot(function(u) f(exp(u)), c(-15, 15), tol = 1e-14, maxiter = 10000)$root)
conditional <- function(a, n, b, m) c(
  if (a == max(0, a + b - m)) 0 else root(function(psi) with(chances(psi, a, n, b, m), sum(p[k >= a])) - 0.025),
  if (a == max(0, a + b - m)) 0 else if (a == min(n, a + b)) Inf else root(function(psi) with(chances(psi, a, n, b, m), sum(k * p)) - a),
  if (a == min(n, a + b)) Inf else root(function(psi) 0.025 - with(chances(psi, a, n, b, m), sum(p[k <= a]))))

# So does exactci with its mid-p limits.
mid_p <- function(x, n) {
  solve_for <- function(f) uniroot(f, c(0, 1), tol = 1e-15, maxiter = 10000)$root
  c(if (x == 0) 0 else solve_for(function(p) pbinom(x, n, p, lower.tail = FALSE) + dbinom(x, n, p) / 2 - 0.025),
    if (x == n) 1 else solve_for(function(p) pbinom(x - 1, n, p) + dbinom(x, n, p) / 2 - 0.025))
}

# Plain enumeration where no package counts: orders within rows, and means of subsets.
orders_of <- function(row) { p <- permutations_of(length(row)); unique(matrix(row[p], nrow(p))) }
permutations_of <- function(n) if (n == 1) matrix(1) else do.call(rbind, lapply(1:n, function(i) { r <- permutations_of(n - 1); cbind(i, ifelse(r >= i, r + 1, r)) }))
q_of <- function(m) { k <- ncol(m); r <- rowSums(m); (k - 1) * sum((colSums(m) - mean(colSums(m)))^2) / sum(rowSums(m^2) - r^2 / k) }
exact_within <- function(m) {
  each <- lapply(seq_len(nrow(m)), function(i) permutations_of(ncol(m)))
  totals <- matrix(0, 1, ncol(m)); for (i in seq_len(nrow(m))) {
    o <- matrix(m[i, each[[i]]], nrow(each[[i]])); totals <- do.call(rbind, lapply(seq_len(nrow(o)), function(j) sweep(totals, 2, o[j, ], "+")))
  }
  s <- rowSums(totals^2); mean(s >= sum(colSums(m)^2) - 1e-9)
}
subset_means <- function(d) { n <- length(d); s <- as.matrix(expand.grid(rep(list(0:1), n)))[-1, ]; sort(as.vector(s %*% d) / rowSums(s)) }
flip_limits <- function(d, level) { m <- subset_means(d); k <- max(1, floor((1 - level) / 2 * 2^length(d) + 1e-9)); c(m[k], mean(d), m[length(m) + 1 - k]) }

# SuppDists counts up to the next lower value of the statistic (here 4.33, a step of 1): half a step below the observed one.
pain <- rbind(c(4, 6, 7), c(2, 5, 3), c(6, 6, 8), c(1, 3, 5), c(5, 4, 9), c(3, 3, 3))
untied <- rbind(c(5.4, 5.5, 5.9), c(5.6, 5.7, 5.8), c(5.2, 5.6, 5.5), c(5.5, 5.3, 6.4), c(5.0, 5.8, 5.7), c(5.3, 5.1, 5.6))
answers <- rbind(c(1, 1, 0, 0), c(1, 1, 1, 0), c(0, 1, 0, 0), c(1, 1, 1, 1), c(1, 0, 0, 0), c(0, 0, 0, 0), c(1, 1, 0, 1))
few_answers <- rbind(c(1, 0, 0), c(1, 1, 0), c(1, 0, 0), c(0, 1, 0), c(1, 1, 0), c(1, 0, 1))
win_first <- list(c(1, 3), c(1, 5), c(0, 2), c(1, 4), c(0, 9)); win_second <- list(c(0, 1), c(1, 2), c(0, 2), c(0, 4), c(1, 3), c(0, 0))
win <- function(a, b) if (a[1] != b[1]) sign(a[1] - b[1]) else sign(a[2] - b[2])
win_scores <- function(x, y) { all <- c(x, y); sapply(all, function(a) sum(sapply(all, function(b) win(a, b)))) }
greater <- function(a, b, c, d) integrate(function(u) 1 - pbeta(qbeta(u, c, d), a, b), 0, 1, rel.tol = 1e-12, subdivisions = 5000)$value
predictive <- function(k, n, a, b) sum(sapply(k:n, function(i) choose(n, i) * beta(a + i, b + n - i) / beta(a, b)))

tables <- list(c(7, 10, 2, 10), c(5, 9, 1, 10), c(10, 10, 6, 10), c(3, 12, 5, 6), c(0, 10, 0, 10), c(0, 5, 4, 6), c(1, 1, 3, 8), c(9, 9, 0, 10))
t2 <- function(a, n, b, m) matrix(c(a, n - a, b, m - b), 2)
changes <- list(c(7, 1), c(6, 0), c(0, 5), c(3, 3), c(8, 2), c(1, 0)); discordant <- function(g, l) matrix(c(4, l, g, 3), 2)
counts <- list(c(0, 5), c(5, 5), c(3, 9), c(4, 9), c(0, 10), c(7, 10), c(1, 1), c(12, 40))
rates <- list(c(0, 60), c(1, 12.5), c(7, 43), c(25, 300)); pairs <- list(c(7, 100, 1, 90), c(3, 50, 0, 48), c(0, 20, 4, 25), c(5, 31.5, 5, 30))

cases <- list(
  fisher = over(tables, function(a, n, b, m) run("stats", quote(fisher.test(t2(a, n, b, m))$p.value), a = a, n = n, b = b, m = m)),
  boschloo = over(tables[-5], function(a, n, b, m) run("Exact", quote(exact.test(t(t2(a, n, b, m)), method = "boschloo", to.plot = FALSE, npNumbers = 2000)$p.value), a = a, n = n, b = b, m = m)),
  barnard = over(tables[-5], function(a, n, b, m) run("Exact", quote(exact.test(t(t2(a, n, b, m)), method = "z-pooled", to.plot = FALSE, npNumbers = 2000)$p.value), a = a, n = n, b = b, m = m)),
  odds_ratio = over(tables[-5], function(a, n, b, m) run("stats", quote(limits(fisher.test(t2(a, n, b, m)))), a = a, n = n, b = b, m = m)),
  odds_ratio_solved = over(tables[-5], function(a, n, b, m) run("uniroot in R", quote(conditional(a, n, b, m)), a = a, n = n, b = b, m = m)),
  mcnemar = over(changes, function(g, l) run("exact2x2", quote(mcnemar.exact(discordant(g, l))$p.value), g = g, l = l)),
  mcnemar_mid_p = over(changes, function(g, l) run("exact2x2", quote(exact2x2(discordant(g, l), paired = TRUE, midp = TRUE, tsmethod = "central")$p.value), g = g, l = l)),
  mcnemar_odds_ratio = over(changes, function(g, l) run("exact2x2", quote(limits(mcnemar.exact(discordant(g, l)))), g = g, l = l)),
  clopper_pearson = over(counts, function(x, n) run("stats", quote(binom.test(x, n)$conf.int), x = x, n = n)),
  mid_p_interval = over(counts, function(x, n) run("exactci", quote(exactci::binom.exact(x, n, midp = TRUE)$conf.int), x = x, n = n)),
  mid_p_interval_solved = over(counts, function(x, n) run("uniroot in R", quote(mid_p(x, n)), x = x, n = n)),
  wilson = over(counts, function(x, n) run("stats", quote(prop.test(x, n, correct = FALSE)$conf.int), x = x, n = n)),
  poisson_rate = over(rates, function(x, t) run("stats", quote(limits(poisson.test(x, t))), x = x, t = t)),
  poisson_rate_upper = over(rates, function(x, t) run("stats", quote(poisson.test(x, t, alternative = "less")$conf.int[2]), x = x, t = t)),
  poisson_ratio = over(pairs, function(x, t, y, u) run("exactci", quote(limits(poisson.exact(c(x, y), c(t, u), tsmethod = "central"))), x = x, t = t, y = y, u = u)),
  compare_poisson = over(pairs, function(x, t, y, u) run("exactci", quote(poisson.exact(c(x, y), c(t, u), tsmethod = "central")$p.value), x = x, t = t, y = y, u = u)),
  coverage_exact = over(list(c(.3, 10), c(.05, 5), c(.5, 20)), function(p, n) run("binom", quote(binom::binom.coverage(p, n, .95, method = "exact")$coverage), p = p, n = n)),
  coverage_wilson = over(list(c(.3, 10), c(.05, 5), c(.5, 20)), function(p, n) run("binom", quote(binom::binom.coverage(p, n, .95, method = "wilson")$coverage), p = p, n = n)),
  wilcoxon = c(lapply(list(sleep_difference, with_zeros, tied_falls), function(d) run("exactRankTests", quote(wilcox.exact(d)$p.value), d = d)),
               lapply(list(depression, with_zeros, tied_falls), function(d) run("coin", quote(signed_by_coin(d, "Wilcoxon")), d = d))),
  pratt = lapply(list(sleep_difference, with_zeros, tied_falls), function(d) run("coin", quote(signed_by_coin(d, "Pratt")), d = d)),
  mann_whitney = c(lapply(list(list(heavy_first, heavy_second), list(7, c(1, 2, 3, 4)), list(scores_first, scores_second)), function(g) run("coin", quote(rank_sum_by_coin(x, y)), x = g[[1]], y = g[[2]])),
                   lapply(list(list(heavy_first, heavy_second), list(at_term, earlier)), function(g) run("exactRankTests", quote(wilcox.exact(x, y)$p.value), x = g[[1]], y = g[[2]]))),
  hodges_lehmann_one = list(run("stats", quote(limits(wilcox.test(d, conf.int = TRUE, exact = TRUE))), d = depression),
                            run("stats", quote(limits(wilcox.test(d, conf.int = TRUE, exact = TRUE))), d = c(-12.5, -3.25, -40.75, 1.5, -7, -18.25))),
  signed_rank_level = over(list(c(9, 5), c(20, 52)), function(n, q) run("stats", quote(2 * psignrank(q, n)), n = n, q = q)),
  rank_sum_level = over(list(c(10, 10, 23), c(5, 8, 6)), function(n, m, q) run("stats", quote(2 * pwilcox(q, n, m)), n = n, m = m, q = q)),
  hodges_lehmann_two = list(run("stats", quote(limits(wilcox.test(x, y, conf.int = TRUE, exact = TRUE))), x = at_term, y = earlier)),
  friedman = list(run("enumeration in R", quote(exact_within(t(apply(m, 1, rank)))), m = pain),
                  run("SuppDists", quote(1 - pFriedman(friedman.test(m)$statistic - 0.5, 3, 6)), m = untied)),
  friedman_asymptotic = list(run("stats", quote(c(friedman.test(m)$statistic, friedman.test(m)$p.value)), m = pain),
                             run("stats", quote(c(friedman.test(m)$statistic, friedman.test(m)$p.value)), m = untied)),
  cochran_q = list(run("enumeration in R", quote(exact_within(m)), m = few_answers), run("enumeration in R", quote(exact_within(m)), m = answers[c(1:3, 5, 7), ])),
  cochran_q_asymptotic = list(run("stats", quote(c(friedman.test(m)$statistic, friedman.test(m)$p.value)), m = answers)),
  sign_flip = c(lapply(list(c(-4, 2, -6, -6, -8, 2, -4, -10), c(5, 1, 7, 3, 2), c(12, -3, 0, 8, 9, -1, 4, 15, 6, 2)), function(d) run("exactRankTests", quote(perm.test(d, rep(0, length(d)), paired = TRUE, exact = TRUE)$p.value), d = d)),
                list(run("enumeration in R", quote(mean(abs(as.matrix(expand.grid(rep(list(c(-1, 1)), length(d)))) %*% d) >= abs(sum(d)) - 1e-12)), d = sleep_difference))),
  sign_flip_interval = list(run("enumeration in R", quote(flip_limits(d, level)), d = depression, level = 0.95), run("enumeration in R", quote(flip_limits(d, level)), d = sleep_difference, level = 0.9)),
  brunner_munzel = lapply(list(list(at_term, earlier), list(scores_first, scores_second), list(heavy_first, heavy_second)), function(g)
    run("brunnermunzel", quote({r <- brunnermunzel.test(x, y); c(r$statistic, r$p.value, r$conf.int[1], r$estimate, r$conf.int[2])}), x = g[[1]], y = g[[2]])),
  brunner_munzel_permutation = lapply(list(list(at_term, earlier), list(heavy_first, heavy_second), list(scores_first, scores_second), list(c(1, 2, 3), c(4, 5, 6, 7))), function(g)
    run("brunnermunzel", quote(brunnermunzel.permutation.test(x, y)$p.value), x = g[[1]], y = g[[2]])),
  compare_wins = list(run("exactRankTests", quote({s <- win_scores(x, y); k <- seq_along(x); perm.test(s[k] + 20, s[-k] + 20, exact = TRUE)$p.value}), x = win_first, y = win_second)),
  posterior = over(list(c(3, 9, .5, .5), c(0, 5, 1, 1), c(5, 5, .5, .5), c(4, 9, .4, 1.6)), function(x, n, a, b) run("stats", quote(qbeta(c(.025, .975), a + x, b + n - x)), x = x, n = n, a = a, b = b)),
  rate_above = over(list(c(2, 5, .4, 1.6, .2), c(0, 5, .6, 1.4, .3), c(9, 10, 1, 1, .5)), function(x, n, a, b, limit) run("stats", quote(1 - pbeta(limit, a + x, b + n - x)), x = x, n = n, a = a, b = b, limit = limit)),
  first_exceeds_second = over(list(c(7, 10, 2, 10, .5), c(0, 5, 0, 7, 1), c(10, 10, 0, 10, 1), c(3, 9, 4, 9, .5)), function(x, n, y, m, a) run("stats", quote(greater(a + x, a + n - x, a + y, a + m - y)), x = x, n = n, y = y, m = m, a = a)),
  predicted_at_least = over(list(c(3, 5, 3, 9, .5, .5), c(1, 10, 0, 5, 1, 1)), function(k, further, x, n, a, b) run("base", quote(predictive(k, further, a + x, b + n - x)), k = k, further = further, x = x, n = n, a = a, b = b))
)
versions <- sapply(c("exactRankTests", "coin", "exact2x2", "exactci", "Exact", "brunnermunzel", "SuppDists", "binom"), function(p) as.character(packageVersion(p)))
cat(toJSON(list(program = R.version.string, packages = as.list(versions), code = "exact_rank.R", cases = cases), auto_unbox = TRUE, digits = 15, matrix = "rowmajor"), "\n")
