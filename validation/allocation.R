# Reference numbers for allocation procedures and re-randomisation, from R.
# Run by hand: Rscript validation/allocation.R > validation/allocation.json
# randomizeR 3.0.2 (CRAN; its files are sourced from the folder in RANDOMIZER, since not all its dependencies are in the Debian archive), coin,
# sandwich, jsonlite. Every test is recounted here by refitting a model to each list with its chance, one list after the other.
suppressMessages({library(coin); library(sandwich); library(jsonlite); library(methods); library(survival); library(mvtnorm)})
home <- Sys.getenv("RANDOMIZER"); files <- gsub("'", "", strsplit(read.dcf(file.path(home, "DESCRIPTION"))[, "Collate"], "\\s+")[[1]])
for (f in files) invisible(capture.output(suppressWarnings(suppressMessages(try(source(file.path(home, "R", f)), silent = TRUE)))))

law <- function(design, name, slots, parameter) {
  all <- getAllSeq(design); chance <- getProb(all); half <- assess(all, corGuess("CS"))@D
  list(procedure = name, slots = slots, parameter = parameter, lists = nrow(all@M), least = min(chance), most = max(chance),
       guessed = sum(half[[2]] * half[[3]]), first = paste(all@M[1, ], collapse = ""), first_chance = chance[1])
}
# Twelve invented participants: log protein at baseline and later, arm by a big stick of 2 and also possible for the others below.
baseline <- c(0.41, 1.10, 0.74, 0.18, 0.92, 0.55, 1.31, 0.27, 0.63, 0.88, 0.35, 1.02)
later <- c(-0.12, 0.88, 0.61, -0.20, 0.25, -0.10, 1.12, 0.15, 0.35, 0.60, -0.14, 0.79)
arm <- c(1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0)
sex <- c("f", "f", "m", "f", "m", "f", "f", "m", "f", "f", "m", "f"); class <- c("3", "4", "4", "3", "3", "4", "3", "4", "3", "4", "4", "3")
all_lists <- as.matrix(expand.grid(rep(list(0:1), 12)))
chance_stick <- function(z, bound) { p <- 1; d <- 0; for (x in z) { q <- if (abs(d) < bound) .5 else as.numeric(d < 0); p <- p * (if (x == 1) q else 1 - q); d <- d + 2 * x - 1 }; p }
chance_maximal <- function(z, bound) { d <- cumsum(2 * z - 1); as.numeric(max(abs(d)) <= bound && d[12] == 0) }
chance_minimised <- function(z, prefer) {
  p <- 1
  for (i in 1:12) {
    g <- c(0, 0)
    for (f in list(sex, class)) { same <- which(f[seq_len(i - 1)] == f[i]); one <- sum(z[same]); none <- length(same) - one; g <- g + c(abs(one + 1 - none), abs(one - none - 1)) }
    q <- if (g[1] < g[2]) prefer else if (g[1] > g[2]) 1 - prefer else .5
    p <- p * (if (z[i] == 1) q else 1 - q)
  }
  p
}
t_of <- function(z, y, x, type, p_with_df = FALSE) {
  keep <- !is.na(y); y <- y[keep]; z <- z[keep]; x <- x[keep]
  if (length(unique(z)) < 2) return(Inf)
  f <- lm(y ~ x + z); h <- hatvalues(f); if (type %in% c("HC2", "HC3") && any(h > 1 - 1e-10)) return(Inf)
  m <- model.matrix(f); b <- solve(crossprod(m)); w <- (m %*% b)[, 3]; e <- residuals(f)
  v <- switch(type, const = sum(e^2) / f$df.residual * b[3, 3], HC2 = sum(w^2 * e^2 / (1 - h)), HC3 = sum(w^2 * e^2 / (1 - h)^2), none = 1)
  t <- coef(f)[["z"]] / sqrt(v); if (!p_with_df) return(t)
  k <- diag(w / sqrt(1 - h)); g <- k %*% (diag(length(e)) - m %*% b %*% t(m)) %*% k; df <- sum(diag(g))^2 / sum(g^2)
  sign(t) * -log(2 * pt(-abs(t), df))
}
stopifnot(all.equal(t_of(arm, later, baseline, "HC2"), { f <- lm(later ~ baseline + arm); coef(f)[["arm"]] / sqrt(vcovHC(f, "HC2")["arm", "arm"]) }))
share <- function(chance, y, statistic, side = abs) {
  used <- chance > 0; z <- all_lists[used, ]; found <- side(apply(z, 1, statistic, y = y)); observed <- side(statistic(arm, y))
  found[is.infinite(found)] <- Inf; sum(chance[used][found >= observed - 1e-9 * abs(observed) | is.infinite(found)]) / sum(chance)
}
statistics <- list(coefficient = function(z, y) t_of(z, y, baseline, "none"), student_t = function(z, y) t_of(z, y, baseline, "const"),
  hc2_t = function(z, y) t_of(z, y, baseline, "HC2"), hc2_p = function(z, y) t_of(z, y, baseline, "HC2", TRUE), hc3_t = function(z, y) t_of(z, y, baseline, "HC3"),
  rank_sum = function(z, y) { s <- !is.na(y); r <- rank(y[s]); z <- z[s]; if (length(unique(z)) < 2) Inf else sum(z * (r - mean(r))) })
chances <- list(big_stick_2 = apply(all_lists, 1, chance_stick, bound = 2), maximal_2 = apply(all_lists, 1, chance_maximal, bound = 2),
                minimised_80 = apply(all_lists, 1, chance_minimised, prefer = .8))
missing <- later; missing[c(3, 9)] <- NA
tests <- list(); for (p in names(chances)) for (s in names(statistics)) {
  test <- list(procedure = p, statistic = s, lists = sum(chances[[p]] > 0), two_sided = share(chances[[p]], later, statistics[[s]]))
  if (p == "big_stick_2") { test$less <- share(chances[[p]], later, statistics[[s]], function(v) -v); test$greater <- share(chances[[p]], later, statistics[[s]], identity) }
  if (s == "hc3_t" || p == "maximal_2") test$with_missing <- share(chances[[p]], missing, statistics[[s]])
  tests[[length(tests) + 1]] <- test
}
effects <- lapply(c(-.9, -.6, -.45, -.3, -.1, 0, .1), function(e) list(effect = e, hc2_t = share(chances$maximal_2, later - e * arm, statistics$hc2_t),
  rank_sum = share(chances$minimised_80, later - e * arm, statistics$rank_sum), less = share(chances$big_stick_2, later - e * arm, statistics$student_t, function(v) -v)))
group <- factor(arm, levels = c(1, 0))
result <- list(
  program = R.version.string, packages = list(randomizeR = read.dcf(file.path(home, "DESCRIPTION"))[, "Version"][[1]], coin = as.character(packageVersion("coin")), sandwich = as.character(packageVersion("sandwich"))),
  code = "allocation.R",
  laws = list(law(mpPar(8, 3), "maximal", 8, 3), law(mpPar(10, 2), "maximal", 10, 2), law(mpPar(12, 3), "maximal", 12, 3), law(bsdPar(8, 2), "big_stick", 8, 2),
              law(bsdPar(10, 3), "big_stick", 10, 3), law(rarPar(8), "blocks", 8, 8), law(pbrPar(c(4, 4)), "blocks", 8, 4), law(crPar(8), "coin", 8, 0)),
  data = list(baseline = baseline, later = later, arm = arm, sex = sex, class = class, missing = c(3, 9)),
  tests = tests, effects = effects,
  permutation = list(mean_two = as.numeric(pvalue(oneway_test(later ~ group, distribution = "exact"))),
                     mean_less = as.numeric(pvalue(oneway_test(later ~ group, distribution = "exact", alternative = "less"))),
                     rank_two = as.numeric(pvalue(wilcox_test(later ~ group, distribution = "exact"))))
)
cat(toJSON(result, auto_unbox = TRUE, digits = 15, pretty = TRUE), "\n")
