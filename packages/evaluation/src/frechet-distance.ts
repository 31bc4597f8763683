import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { FeatureGaussian } from './feature-gaussian.ts';

/** A Gaussian with the square root of its covariance, which is needed once however many others it is compared with. */
export interface FrechetReference extends FeatureGaussian {
  readonly root: Matrix;
}

export function frechetReference(gaussian: FeatureGaussian): FrechetReference {
  return { ...gaussian, root: squareRoot(gaussian.covariance) };
}

/**
 * Squared Fréchet distance of two Gaussians (Dowson and Landau 1982; Heusel et al. 2017, equation 6):
 *
 *   |mu - mu*|^2 + Tr(Sigma + Sigma* - 2 (Sigma^1/2 Sigma* Sigma^1/2)^1/2)
 *
 * Sigma^1/2 Sigma* Sigma^1/2 is symmetric, so the trace of its root is the sum of the roots of its eigenvalues.
 * @returns 0 or more: what rounding makes negative is 0
 */
export function frechetDistance(reference: FrechetReference, other: FeatureGaussian): number {
  const { root } = reference;
  const between = reference.mean.reduce((sum, value, at) => sum + (value - (other.mean[at] ?? Number.NaN)) ** 2, 0);
  const product = root.mmul(other.covariance).mmul(root);
  const rootTrace = symmetricEigen(product).realEigenvalues.reduce(
    (sum, value) => sum + Math.sqrt(Math.max(0, value)),
    0,
  );
  return Math.max(0, between + reference.covariance.trace() + other.covariance.trace() - 2 * rootTrace);
}

/** The symmetric square root: V sqrt(D) V' of a covariance V D V'. */
function squareRoot(covariance: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix: vectors } = symmetricEigen(covariance);
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return vectors.mmul(roots).mmul(vectors.transpose());
}

function symmetricEigen(matrix: Matrix): EigenvalueDecomposition {
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
}
