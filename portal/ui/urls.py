from django.urls import path

from portal.ui import views

app_name = "ui"
urlpatterns = [
    path("home/", views.home, name="home"),
    path("home/<slug:layout>/", views.home, name="home_of"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
