-- cmigrate: upgrade
ALTER TABLE `t`
  RENAME INDEX `i_b` TO `t_b_idx`,
  RENAME INDEX `u_a` TO `uq_t_a`;

-- cmigrate: downgrade
ALTER TABLE `t`
  RENAME INDEX `t_b_idx` TO `i_b`,
  RENAME INDEX `uq_t_a` TO `u_a`;
