"""Whether a site still yields what it used to: figures of a run, those of earlier runs, what fell, who is told.

A run's figures are kept while it runs (`quality`) and stand in its report. When it ends, they are compared with those
of earlier comparable runs (`history`, `samples`); what fell further than chance explains is a finding (`findings`).
Spidermon runs the monitors that find (`suite`) and, where one fails, the actions that tell people (`notices`).
"""
