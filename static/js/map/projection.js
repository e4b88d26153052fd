// Gauss-Krueger (transverse Mercator, scale 1) on the CGCS2000 ellipsoid: degrees to metres of the city's zone and back.
// Krueger's series to the fourth power of the third flattening; the rest is below a hundredth of a millimetre.
const A = 6378137;
const F = 1 / 298.257222101;
const E = Math.sqrt(F * (2 - F));
const N = F / (2 - F);
const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64 + N ** 6 / 256);
const ALPHA = [
  N / 2 - (2 * N ** 2) / 3 + (5 * N ** 3) / 16 + (41 * N ** 4) / 180,
  (13 * N ** 2) / 48 - (3 * N ** 3) / 5 + (557 * N ** 4) / 1440,
  (61 * N ** 3) / 240 - (103 * N ** 4) / 140,
  (49561 * N ** 4) / 161280,
];
const BETA = [
  N / 2 - (2 * N ** 2) / 3 + (37 * N ** 3) / 96 - N ** 4 / 360,
  N ** 2 / 48 + N ** 3 / 15 - (437 * N ** 4) / 1440,
  (17 * N ** 3) / 480 - (37 * N ** 4) / 840,
  (4397 * N ** 4) / 161280,
];
const DEGREE = Math.PI / 180;

const conformal = (tau) => {
  const sigma = Math.sinh(E * Math.atanh((E * tau) / Math.hypot(1, tau)));
  return tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
};

// Return [east, north] in metres; plane = {lon0, east0}: central meridian in degrees, false easting with the zone's prefix.
export function toPlane([lon, lat], plane) {
  const lambda = (lon - plane.lon0) * DEGREE;
  const tau = conformal(Math.tan(lat * DEGREE));
  const xi = Math.atan2(tau, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(tau, Math.cos(lambda)));
  let north = xi;
  let east = eta;
  ALPHA.forEach((alpha, index) => {
    const k = 2 * (index + 1);
    north += alpha * Math.sin(k * xi) * Math.cosh(k * eta);
    east += alpha * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  return [plane.east0 + RADIUS * east, RADIUS * north];
}

// Return [lon, lat] in degrees of a place in the plane.
export function toDegrees([east, north], plane) {
  const xi0 = north / RADIUS;
  const eta0 = (east - plane.east0) / RADIUS;
  let xi = xi0;
  let eta = eta0;
  BETA.forEach((beta, index) => {
    const k = 2 * (index + 1);
    xi -= beta * Math.sin(k * xi0) * Math.cosh(k * eta0);
    eta -= beta * Math.cos(k * xi0) * Math.sinh(k * eta0);
  });
  const target = Math.sin(xi) / Math.hypot(Math.sinh(eta), Math.cos(xi));
  let tau = target;
  for (let step = 0; step < 5; step += 1) {
    const reached = conformal(tau);
    tau += ((target - reached) / Math.hypot(1, reached)) * ((1 + (1 - E * E) * tau * tau) / ((1 - E * E) * Math.hypot(1, tau)));
  }
  return [plane.lon0 + Math.atan2(Math.sinh(eta), Math.cos(xi)) / DEGREE, Math.atan(tau) / DEGREE];
}
