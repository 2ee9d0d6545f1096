# Reference numbers for times to an event, from R. Run by hand: Rscript validation/time_to_event.R > validation/time_to_event.json
# Packages: survival, cmprsk, coin, jsonlite (Debian archive); bpcp 1.4.2 (CRAN), its exact product by simulation with a stated seed.
suppressMessages({library(survival); library(cmprsk); library(coin); library(bpcp); library(jsonlite)})

# Remission times of acute leukaemia, weeks (Freireich et al., Blood 1963;21:699, as printed in Cox, J R Stat Soc B 1972;34:187).
drug <- list(time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35),
             event = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0))
placebo <- list(time = c(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23), event = rep(1, 21))
# Ten against ten, weeks to remission, cut off at 26 (invented); no two events tie.
ten <- list(time = c(3, 5, 7, 8, 11, 14, 19, 26, 26, 26, 6, 9.5, 13, 18, 22, 26, 26, 26, 26, 26),
            event = c(1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0), arm = rep(c(1, 0), each = 10))
five <- list(time = c(4, 9, 15, 20, 26), event = c(1, 0, 1, 1, 0))
# Two causes, with ties and censoring (invented): 1 remission, 2 death or dialysis.
rival <- list(time = c(2, 3, 3, 5, 6, 6, 6, 8, 9, 11, 12, 12, 14, 17, 20, 21), cause = c(1, 2, 1, 0, 1, 1, 2, 1, 0, 2, 1, 0, 1, 0, 2, 0))

curve <- function(d, at, level = .95) {
  fit <- survfit(Surv(d$time, d$event) ~ 1, conf.type = "log-log", conf.int = level)
  s <- summary(fit, times = at); m <- summary(fit)$table
  list(time = d$time, event = d$event, level = level, at = at, survival = s$surv, standard_error = s$std.err, low = s$lower, high = s$upper,
       median = unname(m["median"]), median_low = unname(m[8]), median_high = unname(m[9]))
}
mean_until <- function(d, tau) {
  m <- summary(survfit(Surv(d$time, d$event) ~ 1), rmean = tau)$table; list(time = d$time, event = d$event, until = tau, mean = unname(m["rmean"]), standard_error = unname(m["se(rmean)"]))
}
ranked <- function(d) {
  t <- survdiff(Surv(d$time, d$event) ~ d$arm)
  list(time = d$time, event = d$event, arm = d$arm, observed = t$obs[2], expected = t$exp[2], chi_square = unname(t$chisq), p = pchisq(t$chisq, 1, lower.tail = FALSE))
}
both <- list(time = c(drug$time, placebo$time), event = c(drug$event, placebo$event), arm = rep(c(1, 0), each = 21))
score <- function(d) residuals(coxph(Surv(d$time, d$event) ~ 1, ties = "breslow"), type = "martingale")
within <- function(d, strata) {
  t <- survdiff(Surv(d$time, d$event) ~ d$arm + strata(strata)); o <- rowSums(t$obs); e <- rowSums(t$exp)
  list(time = d$time, event = d$event, arm = d$arm, strata = strata, observed = o[2], expected = e[2], chi_square = unname(t$chisq), p = pchisq(t$chisq, 1, lower.tail = FALSE))
}
counted <- function(d) {
  arm <- factor(d$arm, levels = c(1, 0)); a <- score(d)
  p <- function(alternative) as.numeric(pvalue(independence_test(a ~ arm, distribution = "exact", alternative = alternative, teststat = "scalar")))
  list(time = d$time, event = d$event, arm = d$arm, scores = unname(a), two_sided = p("two.sided"), more = p("greater"), fewer = p("less"))
}
untied <- list(time = ten$time, event = ten$event, arm = factor(ten$arm))
hothorn <- as.numeric(pvalue(logrank_test(Surv(time, event) ~ arm, data = untied, distribution = "exact", ties.method = "Hothorn-Lausen")))
small <- list(time = c(2, 4, 7, 9, 12, 15, 18, 20), event = c(1, 1, 0, 1, 1, 0, 1, 0), arm = c(1, 1, 1, 0, 1, 0, 0, 0))
against <- function(d, rate) {
  t <- survdiff(Surv(d$time, d$event) ~ offset(exp(-rate * d$time))); o <- sum(d$event); e <- sum(rate * d$time)
  ends <- poisson.test(o, e)$conf.int
  list(time = d$time, event = d$event, rate = rate, observed = o, expected = e, chi_square = unname(t$chisq), p = pchisq(t$chisq, 1, lower.tail = FALSE),
       fewer = poisson.test(o, e, alternative = "less")$p.value, more = poisson.test(o, e, alternative = "greater")$p.value, low = ends[1], high = ends[2])
}
incidence <- function(cause) {
  f <- timepoints(cuminc(rival$time, rival$cause), times = c(3, 6, 9, 12, 17)); z <- qnorm(.975)
  est <- f$est[cause, ]; v <- f$var[cause, ]; shift <- z * sqrt(v) / (est * abs(log(est)))
  list(cause = cause, at = c(3, 6, 9, 12, 17), incidence = unname(est), variance = unname(v), low = unname(est^exp(shift)), high = unname(est^exp(-shift)))
}
beta_product <- function(d, at, nmc) {
  set.seed(20240101); b <- bpcp(d$time, d$event, nmc = nmc)
  of <- function(t) { i <- max(which(b$L <= t)); c(b$lower[i], b$upper[i]) }
  found <- sapply(at, of); list(time = d$time, event = d$event, at = at, simulated = nmc, low = found[1, ], high = found[2, ])
}
# The beta product without simulation: P(B1 B2 B3 <= w) by nested integration, B ~ Beta(Y, 1), for the data of five participants.
product_two <- function(w, a, b) integrate(function(x) pbeta(pmin(w / x, 1), b, 1) * dbeta(x, a, 1), 0, 1, rel.tol = 1e-12, subdivisions = 2000)$value
root <- function(f, p) uniroot(function(w) f(w) - p, c(1e-9, 1 - 1e-9), tol = 1e-12)$root
nested <- list(time = c(4, 9, 15, 20, 26), event = c(1, 0, 1, 1, 0), low_at_5 = root(function(w) product_two(w, 5, 4), .025),
               high_at_16 = root(function(w) product_two(w, 5, 3), .975), high_at_5 = qbeta(.975, 5, 1), low_at_3 = qbeta(.025, 5, 1))

result <- list(
  program = R.version.string,
  packages = as.list(sapply(c("survival", "cmprsk", "coin", "bpcp"), function(p) as.character(packageVersion(p)))),
  code = "time_to_event.R",
  kaplan_meier = list(curve(drug, c(6, 10, 16, 22, 30)), curve(placebo, c(1, 5, 8, 15)), curve(five, c(4, 15, 20)), curve(drug, c(7, 23), .9)),
  restricted_mean = list(mean_until(drug, 35), mean_until(drug, 20), mean_until(placebo, 20), mean_until(five, 24)),
  log_rank = list(ranked(both), ranked(ten), ranked(small)),
  log_rank_strata = list(within(both, rep(c("a", "b", "c"), 14)), within(ten, rep(c("native", "graft"), 10)), within(small, c("x", "x", "y", "y", "y", "x", "x", "y"))),
  log_rank_exact = list(counted(ten), counted(small), counted(both)), log_rank_hothorn_lausen = hothorn,
  one_sample = list(against(five, .1), against(five, .02), against(drug, .08)),
  rival = rival, incidence = list(incidence(1), incidence(2)),
  beta_product_simulated = list(beta_product(five, c(4, 10, 16, 21), 1e6), beta_product(drug, c(7, 12, 22, 30), 1e6)),
  beta_product_integrated = nested
)
cat(toJSON(result, auto_unbox = TRUE, digits = 15, pretty = TRUE), "\n")
