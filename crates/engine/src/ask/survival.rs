//! The share that has not come back yet, when some were watched for a short time only.
//!
//! Kaplan & Meier (1958), from two histograms by day: members who came back, and members who were watched so long and
//! did not. On the same day the former count first. The band is Greenwood's variance on the log-log scale
//! (Kalbfleisch & Prentice 1980, section 1.4).

/// The 97.5 % point of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;
/// Products of ratios fall short of one half by less than this where they are one half.
const ROUNDING: f64 = 1e-12;

/// The curve, day by day, up to the longest that anyone was followed.
pub(crate) struct Survival(Vec<Point>);

/// The curve at the end of one day.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    /// Share not yet back.
    left: f64,
    /// Greenwood's sum: the variance of `left`, over its square. Infinite where nobody is left.
    spread: f64,
}

impl Point {
    /// Share that came back.
    pub(crate) fn returned(self) -> f64 {
        1.0 - self.left
    }

    /// The 95 % band of the share that came back; none while it is none or all.
    pub(crate) fn band(self) -> Option<(f64, f64)> {
        if self.left >= 1.0 || self.left <= 0.0 {
            return None;
        }
        let reach = libm::exp(NORMAL * libm::sqrt(self.spread) / -libm::log(self.left));
        Some((1.0 - libm::pow(self.left, 1.0 / reach), 1.0 - libm::pow(self.left, reach)))
    }
}

impl Survival {
    pub(crate) fn new(returned: &[i64], watched: &[i64]) -> Self {
        let mut at_risk: i64 = returned.iter().chain(watched).sum();
        let mut point = Point { left: 1.0, spread: 0.0 };
        let mut points = Vec::new();
        for (&back, &gone) in returned.iter().zip(watched) {
            if at_risk == 0 {
                break;
            }
            if back > 0 {
                let stay = at_risk - back;
                point.left *= stay as f64 / at_risk as f64;
                point.spread += back as f64 / (at_risk as f64 * stay as f64);
            }
            at_risk -= back + gone;
            points.push(point);
        }
        Self(points)
    }

    /// The curve by a day; none where nobody was followed so long.
    pub(crate) fn at(&self, day: usize) -> Option<Point> {
        self.0.get(day).copied()
    }

    /// The first day by which half came back; with `smooth`, where a straight line over that day crosses one half.
    pub(crate) fn median(&self, smooth: bool) -> Option<f64> {
        let day = self.0.iter().position(|point| point.left <= 0.5 + ROUNDING)?;
        if !smooth {
            return Some(day as f64);
        }
        let before = day.checked_sub(1).map_or(1.0, |day| self.0[day].left);
        Some(day as f64 - 0.5 + (before - 0.5) / (before - self.0[day].left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Freireich et al. (1963): 6-mercaptopurine and remission, 21 patients; the curve and its log-log band are those
    /// of Kalbfleisch & Prentice (1980, table 1.1) as R's `survfit(conf.type = "log-log")` prints them.
    #[test]
    fn the_leukaemia_trial_gives_the_published_curve() {
        let (mut back, mut gone) = ([0i64; 36], [0i64; 36]);
        for day in [6, 6, 6, 7, 10, 13, 16, 22, 23] {
            back[day] += 1;
        }
        for day in [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35] {
            gone[day] += 1;
        }
        let survival = Survival::new(&back, &gone);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 5e-4, "{a} is not {b}");
        for (day, left) in
            [(5, 1.0), (6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (35, 0.448)]
        {
            close(1.0 - survival.at(day).unwrap().returned(), left);
        }
        let (low, high) = survival.at(6).unwrap().band().unwrap();
        close(1.0 - high, 0.620);
        close(1.0 - low, 0.952);
        assert_eq!(survival.median(false), Some(23.0));
        assert!(survival.at(5).unwrap().band().is_none());
        assert!(survival.at(36).is_none());
    }

    #[test]
    fn half_is_half_however_the_ratios_round() {
        let mut back = [0i64; 41];
        back[1..].fill(1);
        let survival = Survival::new(&back, &[0; 41]);
        assert_eq!(survival.median(false), Some(20.0));
        assert_eq!(survival.at(40).unwrap().returned(), 1.0);
        assert!(survival.at(40).unwrap().band().is_none());
    }
}
