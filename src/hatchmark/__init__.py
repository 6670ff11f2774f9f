"""Hatchmark (孵衡): the yearly evaluation of incubators and makerspaces, whole and recomputable."""
