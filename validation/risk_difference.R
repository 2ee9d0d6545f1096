# Exact unconditional limits of a difference of two proportions, from R's exact2x2. Run by hand, some minutes:
#   R_LIBS=<folder with the packages of CRAN> Rscript validation/risk_difference.R > validation/risk_difference.json
# CRAN sources: exact2x2, exactci, ssanv. It searches the unknown rate on a grid: at its default of 100 points its limits for 7/10 v 2/10
# are .01793 to .82686, at 2,000 points .0179083 to .8268571 (its error is then about 4e-6), at 10,000 .01790826 to .82685706.
suppressMessages({library(exact2x2); library(jsonlite)})
tables <- list(c(7, 10, 2, 10), c(0, 10, 0, 10), c(10, 10, 6, 10), c(5, 9, 1, 10), c(1, 1, 3, 8))
case <- function(z, ts, points, steps) {
  call <- sprintf("uncondExact2x2(b, m, a, n, parmtype = 'difference', method = 'score', tsmethod = '%s', conf.int = TRUE, control = ucControl(nPgrid = %d, nCIgrid = %d))$conf.int", ts, points, steps)
  input <- list(a = z[1], n = z[2], b = z[3], m = z[4])
  list(by = "exact2x2", call = call, input = input, output = as.list(signif(as.numeric(eval(parse(text = call), input)), 12)))
}
cases <- list(risk_difference = lapply(tables, case, "central", 2000, 400),
              risk_difference_two_sided = lapply(tables, case, "square", 2000, 400))
cat(toJSON(list(program = R.version.string, packages = list(exact2x2 = as.character(packageVersion("exact2x2"))), code = "risk_difference.R",
                cases = cases), auto_unbox = TRUE, digits = 15), "\n")
