"""Flows as tables: (state, action) -> next state, permission, fields, owner and clock."""

from __future__ import annotations

from zhitong.kernel.workflow.flow import Action, Field, Flow, IllegalActionError, State
from zhitong.kernel.workflow.parse import FlowError, parse_flow

__all__ = ["Action", "Field", "Flow", "FlowError", "IllegalActionError", "State", "parse_flow"]
