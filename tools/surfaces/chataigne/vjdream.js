// Written by tools/generate_chataigne.py from the table of parameters.

var next = 0;

// The engine tells every change to whoever has asked within the last minute.
function update(deltaTime) {
  var now = util.getTime();
  if (now >= next) {
    next = now + 20;
    local.send("/vjdream/sync");
  }
}

function set_mode(value) {
  local.send("/vjdream/mode", value);
}

function set_class_1(value) {
  local.send("/vjdream/class/1", value);
}

function set_class_2(value) {
  local.send("/vjdream/class/2", value);
}

function set_class_3(value) {
  local.send("/vjdream/class/3", value);
}

function set_class_4(value) {
  local.send("/vjdream/class/4", value);
}

function set_weight_1(value) {
  local.send("/vjdream/weight/1", value);
}

function set_weight_2(value) {
  local.send("/vjdream/weight/2", value);
}

function set_weight_3(value) {
  local.send("/vjdream/weight/3", value);
}

function set_weight_4(value) {
  local.send("/vjdream/weight/4", value);
}

function set_split_shape(value) {
  local.send("/vjdream/split/shape", value);
}

function set_split_position(value) {
  local.send("/vjdream/split/position", value);
}

function set_split_angle(value) {
  local.send("/vjdream/split/angle", value);
}

function set_split_feather(value) {
  local.send("/vjdream/split/feather", value);
}

function set_layer(value) {
  local.send("/vjdream/layer", value);
}

function set_channel(value) {
  local.send("/vjdream/channel", value);
}

function set_wander(value) {
  local.send("/vjdream/wander", value);
}

function set_guide(value) {
  local.send("/vjdream/guide", value);
}

function set_input_pull(value) {
  local.send("/vjdream/input/pull", value);
}

function set_input_motion(value) {
  local.send("/vjdream/input/motion", value);
}

function set_zoom(value) {
  local.send("/vjdream/zoom", value);
}

function set_rotate(value) {
  local.send("/vjdream/rotate", value);
}

function set_pan_x(value) {
  local.send("/vjdream/pan/x", value);
}

function set_pan_y(value) {
  local.send("/vjdream/pan/y", value);
}

function set_strength(value) {
  local.send("/vjdream/strength", value);
}

function set_keyframes(value) {
  local.send("/vjdream/keyframes", value);
}

function set_steps(value) {
  local.send("/vjdream/steps", value);
}

function set_scale(value) {
  local.send("/vjdream/scale", value);
}

function set_spread(value) {
  local.send("/vjdream/spread", value);
}

function set_octaves(value) {
  local.send("/vjdream/octaves", value);
}

function set_jitter(value) {
  local.send("/vjdream/jitter", value);
}

function set_sway(value) {
  local.send("/vjdream/sway", value);
}

function set_smoothness(value) {
  local.send("/vjdream/smoothness", value);
}

function set_bands(value) {
  local.send("/vjdream/bands", value);
}

function set_everywhere(value) {
  local.send("/vjdream/everywhere", value);
}

function set_evenness(value) {
  local.send("/vjdream/evenness", value);
}

function set_colour(value) {
  local.send("/vjdream/colour", value);
}

function set_natural(value) {
  local.send("/vjdream/natural", value);
}

function set_balance(value) {
  local.send("/vjdream/balance", value);
}

function set_gradients(value) {
  local.send("/vjdream/gradients", value);
}

function set_optimizer(value) {
  local.send("/vjdream/optimizer", value);
}

function set_momentum(value) {
  local.send("/vjdream/momentum", value);
}

function set_equaliser(value) {
  local.send("/vjdream/equaliser", value);
}

function set_seeds(value) {
  local.send("/vjdream/seeds", value);
}

function set_suppress(value) {
  local.send("/vjdream/suppress", value);
}

function set_prior(value) {
  local.send("/vjdream/prior", value);
}

function set_prior_form(value) {
  local.send("/vjdream/prior_form", value);
}

function set_prior_scales(value) {
  local.send("/vjdream/prior_scales", value);
}

function set_resampling(value) {
  local.send("/vjdream/resampling", value);
}

function set_blur(value) {
  local.send("/vjdream/blur", value);
}

function set_grade_brightness(value) {
  local.send("/vjdream/grade/brightness", value);
}

function set_grade_contrast(value) {
  local.send("/vjdream/grade/contrast", value);
}

function set_grade_saturation(value) {
  local.send("/vjdream/grade/saturation", value);
}

function set_grade_hue(value) {
  local.send("/vjdream/grade/hue", value);
}

function set_grade_gamma(value) {
  local.send("/vjdream/grade/gamma", value);
}

function set_master(value) {
  local.send("/vjdream/master", value);
}

function set_blackout(value) {
  local.send("/vjdream/blackout", value);
}

function set_glide(value) {
  local.send("/vjdream/glide", value);
}

function set_preset_time(value) {
  local.send("/vjdream/preset/time", value);
}

function set_target(value) {
  local.send("/vjdream/target", value);
}

function set_hold(value) {
  local.send("/vjdream/hold", value);
}

function set_palette(number) {
  local.send("/vjdream/palette/" + number, 1);
}

function set_next(number) {
  local.send("/vjdream/next/" + number, 1);
}

function set_previous(number) {
  local.send("/vjdream/previous/" + number, 1);
}

function set_random(number) {
  local.send("/vjdream/random/" + number, 1);
}

function set_preset_load(value) {
  local.send("/vjdream/preset/load", value);
}

function set_preset_next() {
  local.send("/vjdream/preset/next", 1);
}

function set_preset_previous() {
  local.send("/vjdream/preset/previous", 1);
}

function set_preset_save(value) {
  local.send("/vjdream/preset/save", value);
}

function set_reset_look() {
  local.send("/vjdream/reset/look", 1);
}

function set_reset_canvas() {
  local.send("/vjdream/reset/canvas", 1);
}

function set_release() {
  local.send("/vjdream/release", 1);
}

function set_rewind(value) {
  local.send("/vjdream/rewind", value);
}

function set_snapshot(value) {
  local.send("/vjdream/snapshot", value == "" ? 1 : value);
}

function set_record_start(value) {
  local.send("/vjdream/record/start", value == "" ? 1 : value);
}

function set_record_stop() {
  local.send("/vjdream/record/stop", 1);
}

function set_mark(value) {
  local.send("/vjdream/mark", value == "" ? 1 : value);
}

function set_midi_learn(value) {
  local.send("/vjdream/midi/learn", value);
}

function set_sync() {
  local.send("/vjdream/sync", 1);
}
