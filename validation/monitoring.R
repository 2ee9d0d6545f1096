# Reference numbers for stopping rules and two-stage designs, from R. Run by hand: Rscript validation/monitoring.R > validation/monitoring.json
# Packages: clinfun 1.1.5 (CRAN), jsonlite (Debian archive). What has no package is counted here by brute force over all courses.
suppressMessages({library(clinfun); library(jsonlite)})
two_stage <- function(p0, p1, alpha, beta) {
  out <- ph2simon(p0, p1, alpha, beta)$out
  row <- function(i) as.list(setNames(unname(out[i, ]), c("first_stop", "first", "final_stop", "total", "expected", "stops_early")))
  list(useless = p0, worthwhile = p1, alpha = alpha, beta = beta, minimax = row(which.min(out[, "n"])), optimal = row(which.min(out[, "EN(p0)"])))
}
power_of <- function(r1, n1, r, n, p) {
  x <- (r1 + 1):n1; list(first_stop = r1, first = n1, final_stop = r, total = n, rate = p, promising = sum(dbinom(x, n1, p) * pbinom(r - x, n - n1, p, lower.tail = FALSE)))
}
crossing <- function(looks, allowed, rate) {
  b <- bdrycross.prob(looks, allowed, rate); list(looks = looks, allowed = allowed, rate = rate, crosses = b[, "pcross"], stops_early = b[, "pstop"], expected = b[, "ess"])
}
pocock <- function(n, rate, chance) { b <- suppressWarnings(toxbdry(rate, rate + .2, 1:n, cP0 = chance)); list(participants = n, rate = rate, chance = chance, allowed = b$hi.bdry) }
historical <- function(a, b, c, d, margin, x, n) list(prior = c(a, b), historical = c(c, d), margin = margin, events = x, participants = n,
  above = integrate(function(s) dbeta(s, c, d) * pbeta(pmin(s + margin, 1), a + x, b + n - x, lower.tail = FALSE), 0, 1, rel.tol = 1e-11, subdivisions = 5000)$value)
predictive <- function(a, b, limit, final, n, x, so_far) {
  left <- n - so_far; y <- 0:left; weight <- choose(left, y) * beta(a + x + y, b + n - x - y) / beta(a + x, b + so_far - x)
  list(prior = c(a, b), limit = limit, final = final, participants = n, events = x, so_far = so_far,
       predictive = sum(weight[pbeta(limit, a + x + y, b + n - x - y, lower.tail = FALSE) > final]))
}
# Every one of the 2^n courses of events, one row each: stops with `boundary[i]` events or more at participant i (NA: no look).
courses <- function(boundary, rate, groups = rep(1, length(boundary)), wait = 0) {
  n <- length(boundary); all <- as.matrix(expand.grid(rep(list(0:1), n))); chance <- apply(all, 1, function(e) prod(ifelse(e == 1, rate, 1 - rate)))
  ends <- cumsum(groups); at <- apply(all, 1, function(e) { hit <- which(!is.na(boundary) & cumsum(e) >= boundary & seq_len(n) %in% ends); if (length(hit)) hit[1] else NA })
  treated <- ifelse(is.na(at), n, at); events <- sapply(seq_along(at), function(i) sum(all[i, seq_len(treated[i])]))
  list(boundary = boundary, groups = groups, rate = rate, stops = sum(chance[!is.na(at)]), expected = sum(chance * treated), events = sum(chance * events),
       days = sum(chance * wait * match(treated, ends)), wait = wait)
}
pause <- function(a, b, limit, threshold, n) list(prior = c(a, b), limit = limit, threshold = threshold,
  boundary = sapply(1:n, function(i) { x <- which(pbeta(limit, a + 0:i, b + i - 0:i, lower.tail = FALSE) > threshold); if (length(x)) x[1] - 1 else NA }))

result <- list(
  program = R.version.string, packages = list(clinfun = as.character(packageVersion("clinfun"))), code = "monitoring.R",
  two_stage = list(two_stage(.05, .25, .05, .2), two_stage(.1, .3, .05, .2), two_stage(.1, .3, .1, .1), two_stage(.2, .4, .05, .1), two_stage(.3, .5, .1, .1), two_stage(.4, .6, .05, .2)),
  two_stage_power = list(power_of(1, 10, 5, 29, .3), power_of(1, 10, 5, 29, .1), power_of(0, 9, 2, 17, .25), power_of(1, 15, 5, 25, .3)),
  crossing = list(crossing(1:5, c(1, 1, 1, 2, 2), c(.1, .2, .4)), crossing(c(3, 6, 10), c(1, 2, 3), c(.1, .3, .5)), crossing(1:20, rep(3, 20), c(.05, .2))),
  pocock = list(pocock(10, .2, .1), pocock(20, .2, .05), pocock(20, .1, .1), pocock(15, .3, .1)),
  historical = list(historical(.6, 1.4, 6, 14, 0, 2, 5), historical(.6, 1.4, 6, 14, .1, 3, 5), historical(1, 1, 2, 18, 0, 1, 6), historical(.5, .5, 3, 7, .15, 4, 9)),
  predictive = list(predictive(.6, 1.4, .3, .8, 10, 2, 5), predictive(.4, 1.6, .2, .7, 10, 1, 4), predictive(1, 1, .25, .9, 20, 5, 9)),
  pause = list(pause(.6, 1.4, .3, .8, 5), pause(.4, 1.6, .2, .7, 10), pause(.6, 1.4, .3, .8, 10)),
  courses = list(courses(c(NA, 2, 2, 3, 3), .4), courses(c(NA, 2, 2, 3, 3), .1), courses(c(1, 1, 2, 2, 2, 2, 3, 3, 3, 3), .2),
                 courses(c(NA, 2, 2, 3, 3, 3, 4, 4, 4, 5), .3, c(1, 1, 1, 2, 5), 14), courses(c(NA, 2, 2, 3, 3), .4, c(2, 3), 7))
)
cat(toJSON(result, auto_unbox = TRUE, digits = 15, pretty = TRUE, na = "null"), "\n")
