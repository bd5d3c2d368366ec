"""How fast, against what, in the same minute: ratios to anchors, plan shapes, and correctness under fire."""
