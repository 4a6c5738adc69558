"""Fit."""
def fit_rates(model, profile, levels, size):
    return model.features, model.partners
