"""The workflow graph as pure data and layout: from processes with parents to boxes and lines on character cells."""
